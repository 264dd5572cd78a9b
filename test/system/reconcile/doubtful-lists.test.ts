import { describe, expect, it } from 'vitest'
import { subscribeQueue } from '../../../packages/template-runner/test/support/subscribe-queue.ts'
import { type ReconciledSystem, startReconciledSystem } from './reconciled-system.ts'

const minuteMs = 60_000

async function findUser(reconciled: ReconciledSystem, roomId: string, userId: string) {
  const { participants } = await reconciled.getRoom(roomId)
  return participants.find(({ user_id }) => user_id === userId)
}

async function countCorrections({ system }: ReconciledSystem, roomId: string, event: string): Promise<number> {
  const { body } = await system.query(`/api/rooms/${roomId}/events?limit=1000`)
  const { items } = body as { items: { source: string; event: string }[] }
  return items.filter((item) => item.source === 'reconcile' && item.event === event).length
}

describe('reconciliation with a doubtful list', { timeout: 60_000 }, () => {
  it('does not bring back someone who left after the list was made', async () => {
    const reconciled = await startReconciledSystem()
    const { avd } = reconciled
    await reconciled.populate(1, 2)
    avd.setListBehaviour({ lagMs: minuteMs })
    void avd.leave('R0', 'U0')
    await reconciled.settle()
    expect(await reconciled.sweep()).toBe('swept')
    expect(await reconciled.getStats()).toMatchObject({ drift_last_sweep: 1, participants_present: 1 })
    avd.setListBehaviour('ok')
    expect(await reconciled.sweep()).toBe('swept')
    expect(await findUser(reconciled, 'R0', 'U0')).toMatchObject({ leave_reason: 'normal', estimated: false })
    expect(await countCorrections(reconciled, 'R0', 'join')).toBe(0)
  })

  it('ends the session of someone whom it brought back as often as the callbacks are lost', async () => {
    const reconciled = await startReconciledSystem()
    const { avd } = reconciled
    await reconciled.populate(1, 2)
    for (let round = 1; round <= 2; round++) {
      await reconciled.loseCallbacks(() => avd.leave('R0', 'U0'))
      await reconciled.sweepTwice()
      expect(await findUser(reconciled, 'R0', 'U0')).toMatchObject({ status: 'left', leave_reason: 'reconciled' })
      expect(await countCorrections(reconciled, 'R0', 'leave')).toBe(round)
      await reconciled.loseCallbacks(() => avd.join('R0', 'U0'))
      // Something was heard of the user less than 30 s ago, so one sweep does not suffice.
      await reconciled.sweep()
      expect(await findUser(reconciled, 'R0', 'U0')).toMatchObject({ status: 'left' })
      await reconciled.sweep()
      expect(await findUser(reconciled, 'R0', 'U0')).toMatchObject({ status: 'in_room' })
    }
  })

  it('alerts once and corrects nothing at first if a third of everything is missing', async () => {
    const reconciled = await startReconciledSystem()
    const { avd, system } = reconciled
    await reconciled.populate(1, 20)
    const alerts = await subscribeQueue(system.run, system.run.outputs.AlertTopicArn)
    avd.setListBehaviour('empty')
    await reconciled.sweepTwice()
    expect(await reconciled.getStats()).toMatchObject({ participants_present: 20, rooms_open: 1 })
    avd.setListBehaviour('ok')
    await reconciled.sweep()
    await reconciled.sweep()
    expect(await alerts()).toMatchObject([
      { payload: { kind: 'mass_disappearance', missing: 21, present: 21 } },
      { payload: { kind: 'all_clear', alert: 'mass_disappearance' } },
    ])
  })
})
