import { expect } from 'vitest'
import type { KillPointSetup } from '../../support/kill-points.ts'
import { receiveMessages } from '../receive-messages.ts'
import { applyMessages } from './messages.ts'
import { type SelectPoints, walkCalls } from './walk-calls.ts'

const minuteMs = 60_000
/** Longer than a lease. */
const pauseMs = 6 * minuteMs
/** After it, the warnings of a media server are over. */
const quietMs = 40 * minuteMs
/** Later than the sweeps of all other tests. */
const startMs = 30 * 24 * 60 * minuteMs

interface SweepAlert {
  readonly kind: string
  /** Of an all-clear: the kind of the alert that it ends. */
  readonly alert?: string
  /** Of an all-clear: the media server, if it ends its warnings. */
  readonly box_code?: string
}

/**
 * Kills `reconcile-rooms` at points of a sweep that is the third in a row to fail, and that finds the warnings of a media server to be
 * over. Verifies that the alert and the all-clear are sent by the next sweep at the latest.
 */
export async function verifyKilledSweepAlerts(
  { system, avd }: KillPointSetup,
  selectPoints: SelectPoints,
): Promise<void> {
  const { run } = system
  const alerts = await receiveMessages<SweepAlert>(run, 'AlertTopicArn')
  let clockMs = startMs
  const sweepAfter = async (ms: number) => {
    clockMs += ms
    run.shiftClock('ReconcileRooms', clockMs)
    await run.invoke('ReconcileRooms', {})
  }
  const { names, killed } = await walkCalls(run, 'ReconcileRooms', selectPoints, async (name, disturb) => {
    await sweepAfter(pauseMs)
    const box_code = `${name}-box`
    await applyMessages(run, name, [createWarning(box_code, Date.now() + clockMs)])
    // The warning triggers a sweep.
    await system.settle()
    const received = alerts.messages.length
    const listSent = (from: number) => alerts.messages.slice(from).map(describe)
    avd.setListBehaviour('html')
    await sweepAfter(pauseMs)
    await sweepAfter(pauseMs)
    await disturb(() => sweepAfter(quietMs))
    await sweepAfter(pauseMs)
    const sent = { timeout: 20_000, message: name }
    await expect
      .poll(() => listSent(received), sent)
      .toEqual(expect.arrayContaining(['sweep_failing', `all_clear port_check ${box_code}`]))
    const failing = alerts.messages.length
    avd.setListBehaviour('ok')
    await sweepAfter(pauseMs)
    await expect.poll(() => listSent(failing), sent).toContain('all_clear sweep_failing')
  })
  expect(killed).toHaveLength(names.length)
  await alerts.stop()
}

function describe({ kind, alert, box_code }: SweepAlert): string {
  return [kind, alert, box_code].filter((part) => part !== undefined).join(' ')
}

function createWarning(box_code: string, received_at: number): object {
  const options = JSON.stringify([{ type: 'tcp', port: 8001 }])
  const params = { event: 'warning_notify', event_type: 'check_port', box_code, options, trace_id: box_code }
  return { trace_id: box_code, received_at, source: 'callback', params }
}
