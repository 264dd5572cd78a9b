import type { ListBehaviour, PagingStyle } from '@northbound/avd-simulator'
import { expect } from 'vitest'
import { subscribeQueue } from '../../../packages/template-runner/test/support/subscribe-queue.ts'
import { startReconciledSystem } from './reconciled-system.ts'

/** Verifies that three sweeps with an unusable room list fail without a correction, and that the third one alerts. */
export async function verifyThreeFailedSweeps(
  options: { readonly paging?: PagingStyle },
  behaviour: ListBehaviour,
): Promise<void> {
  const reconciled = await startReconciledSystem(options)
  const { avd, system } = reconciled
  for (let room = 0; room < (options.paging === undefined ? 2 : 60); room++) void avd.join(`R${room}`, 'U')
  await reconciled.settle()
  const alerts = await subscribeQueue(system.run, system.run.outputs.AlertTopicArn)
  const before = await reconciled.getStats()
  // All rooms are absent from one usable list. The failures reset the count of such lists.
  avd.setListBehaviour('empty')
  expect(await reconciled.sweep()).toBe('swept')
  await reconciled.waitForGracePeriod()
  avd.setListBehaviour(behaviour)
  for (let failure = 1; failure <= 3; failure++) {
    expect(await reconciled.sweep()).toBe('failed')
    const expected = failure === 3 ? [{ payload: { kind: 'sweep_failing', failures: 3 } }] : []
    // So many rooms absent from one list are also a mass disappearance.
    const sent = (await alerts()).filter(({ payload }) => payload.kind !== 'mass_disappearance')
    expect(sent).toMatchObject(expected)
  }
  expect(await reconciled.getStats()).toMatchObject({
    last_sweep_ok: false,
    rooms_open: before.rooms_open,
    participants_present: before.participants_present,
  })
  avd.setListBehaviour('empty')
  expect(await reconciled.sweep()).toBe('swept')
  expect(await reconciled.getStats()).toMatchObject({
    last_sweep_ok: true,
    participants_present: before.participants_present,
  })
}
