import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type AlertOutbox,
  decideAlerts,
  emptyOutbox,
  findPendingAlert,
  removePending,
} from '../../../../core/notifications/alert-outbox.ts'
import type { NorthboundEvent } from '../../../../core/protocol/events.ts'
import { foldSteps, historyOf } from '../../../../core/state/fold.ts'
import { alertWindowMs, at } from '../state/states.ts'

const rules = { alertWindowMs }
const warning = (ms: number, port = 8088) =>
  at(ms, 'warning_notify', {
    event_type: 'check_port',
    box_code: 'B',
    options: JSON.stringify([{ type: 'tcp', port }]),
  })

/** Takes in the batches, each folded with all that came before it, as they arrive. */
function arrived(...batches: NorthboundEvent[][]): AlertOutbox {
  const logged: NorthboundEvent[] = []
  return batches.reduce((said, batch) => {
    logged.push(...batch)
    const brought = new Set(batch.map(({ trace_id }) => trace_id))
    const all = foldSteps(undefined, historyOf(logged), [], rules)
    return decideAlerts(
      said,
      all.filter(({ event }) => event !== undefined && brought.has(event.trace_id)),
      rules,
    )
  }, emptyOutbox)
}

/** Of each of these warnings, how many the alert about it says were suppressed; undefined: no alert. */
const suppressed = (said: AlertOutbox, ...events: NorthboundEvent[]) =>
  events.map((event) => findPendingAlert(said, event)?.suppressed)

describe('of warnings about the same ports', () => {
  it('the first is told, the rest of the window is not, and the next alert says how many those were', () => {
    const burst = Array.from({ length: 500 }, (_, index) => warning(10 + index))
    const next = warning(10 + alertWindowMs)
    const after = warning(10 + 2 * alertWindowMs)
    const said = arrived(burst, [next], [after])
    expect(said.pending).toHaveLength(3)
    expect(suppressed(said, ...burst.slice(0, 2), next, after)).toEqual([0, undefined, 499, 0])
  })

  it('one that comes late, before an alert that was decided, is counted and not told', () => {
    const [early, first, second] = [warning(10), warning(20), warning(20 + alertWindowMs)]
    const said = arrived([first], [early], [second])
    expect(suppressed(said, early, first, second)).toEqual([undefined, 0, 1])
  })

  it('a window begins with what was told, not with what came late', () => {
    const [early, first, within] = [warning(10), warning(500), warning(10 + alertWindowMs)]
    const said = arrived([first], [early], [within])
    expect(suppressed(said, early, first, within)).toEqual([undefined, 0, undefined])
    const next = warning(500 + alertWindowMs)
    expect(suppressed(arrived([first], [early], [within], [next]), next)).toEqual([2])
  })

  it('the same one again is not told again', () => {
    const first = warning(10)
    const said = removePending(arrived([first]), [
      { trace: findPendingAlert(arrived([first]), first)?.trace ?? 0, suppressed: 0 },
    ])
    expect(said.pending).toEqual([])
    const again = decideAlerts(said, foldSteps(undefined, [first], [], rules), rules)
    expect(again.pending).toEqual([])
  })

  it('each is told, once, where there is no window', () => {
    const none = { alertWindowMs: 0 }
    const events = [warning(10), warning(11)]
    const said = decideAlerts(emptyOutbox, foldSteps(undefined, events, [], none), none)
    expect(suppressed(said, ...events)).toEqual([0, 0])
    const again = decideAlerts({ ...said, pending: [] }, foldSteps(undefined, events, [], none), none)
    expect(again.pending).toEqual([])
  })

  it('none is lost and none told twice within a window, in whatever order and batches they come', () => {
    const times = fc.uniqueArray(fc.nat(5 * alertWindowMs), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(times, fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 }), (order, sizes) => {
        const events = order.map((ms) => warning(ms))
        const batches: NorthboundEvent[][] = []
        for (let from = 0, turn = 0; from < events.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1
          batches.push(events.slice(from, from + size))
          from += size
        }
        const said = arrived(...batches)
        const told = events.filter((event) => findPendingAlert(said, event) !== undefined)
        const toldAt = told.map((event) => event.received_at).sort((a, b) => a - b)
        for (const [index, ms] of toldAt.entries())
          expect(ms - (toldAt[index - 1] ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(alertWindowMs)
        // Each warning was told itself, or an alert is later, or less than a window before it.
        for (const { received_at } of events) expect(toldAt.some((ms) => ms > received_at - alertWindowMs)).toBe(true)
        const counted = told.reduce((sum, event) => sum + (findPendingAlert(said, event)?.suppressed ?? 0), 0)
        expect(counted + told.length).toBeLessThanOrEqual(events.length)
      }),
    )
  })
})

describe('what is recentEvents of a box', () => {
  it('is bounded, and an old warning about ports that were forgotten is not told', () => {
    const first = warning(1, 1)
    const others = Array.from({ length: 70 }, (_, index) => warning(1000 + index, 100 + index))
    const said = arrived([first], others)
    expect(said.alerts).toHaveLength(64)
    const again = decideAlerts(removePending(said, said.pending), foldSteps(undefined, [first], [], rules), rules)
    expect(again.pending).toEqual([])
  })

  it('keeps at most a thousand alerts that nobody sent', () => {
    const many = Array.from({ length: 1100 }, (_, index) => warning(index + 1, index))
    expect(arrived(many).pending).toHaveLength(1000)
  })

  it('is nothing where a step is about anything else', () => {
    const join = at(1, 'join')
    expect(decideAlerts(emptyOutbox, foldSteps(undefined, [join], [], rules), rules)).toEqual(emptyOutbox)
    expect(findPendingAlert(null, join)).toBeUndefined()
  })
})
