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
import { cut, warningAt } from '../../../support/events.ts'
import { alertWindowMs, eventAt } from '../state/states.ts'

const rules = { alertWindowMs }

/** Decides the alerts of each batch, folded with all events of the batches before it. */
function decideInBatches(...batches: NorthboundEvent[][]): AlertOutbox {
  const logged: NorthboundEvent[] = []
  return batches.reduce((outbox, batch) => {
    logged.push(...batch)
    const traceIds = new Set(batch.map(({ trace_id }) => trace_id))
    const steps = foldSteps(undefined, historyOf(logged), [], rules)
    return decideAlerts(
      outbox,
      steps.filter(({ event }) => event !== undefined && traceIds.has(event.trace_id)),
      rules,
    )
  }, emptyOutbox)
}

/** The number of suppressed warnings in the pending alert of each warning; undefined if it has no alert. */
const suppressedCounts = (outbox: AlertOutbox, ...events: NorthboundEvent[]) =>
  events.map((event) => findPendingAlert(outbox, event)?.suppressed)

describe('decideAlerts with warnings about the same ports', () => {
  it('alerts once per window, and counts the suppressed warnings in the next alert', () => {
    const burst = Array.from({ length: 500 }, (_, index) => warningAt(10 + index))
    const next = warningAt(10 + alertWindowMs)
    const after = warningAt(10 + 2 * alertWindowMs)
    const outbox = decideInBatches(burst, [next], [after])
    expect(outbox.pending).toHaveLength(3)
    expect(suppressedCounts(outbox, ...burst.slice(0, 2), next, after)).toEqual([0, undefined, 499, 0])
  })

  it('counts but does not alert about a warning that is older than a decided alert', () => {
    const [early, first, second] = [warningAt(10), warningAt(20), warningAt(20 + alertWindowMs)]
    const outbox = decideInBatches([first], [early], [second])
    expect(suppressedCounts(outbox, early, first, second)).toEqual([undefined, 0, 1])
  })

  it('starts the window at the warning that alerted, not at an older one that arrived late', () => {
    const [early, first, within] = [warningAt(10), warningAt(500), warningAt(10 + alertWindowMs)]
    const outbox = decideInBatches([first], [early], [within])
    expect(suppressedCounts(outbox, early, first, within)).toEqual([undefined, 0, undefined])
    const next = warningAt(500 + alertWindowMs)
    expect(suppressedCounts(decideInBatches([first], [early], [within], [next]), next)).toEqual([2])
  })

  it('does not alert again about a duplicate of a warning', () => {
    const first = warningAt(10)
    const outbox = removePending(decideInBatches([first]), [
      { trace: findPendingAlert(decideInBatches([first]), first)?.trace ?? 0, suppressed: 0 },
    ])
    expect(outbox.pending).toEqual([])
    const afterDuplicate = decideAlerts(outbox, foldSteps(undefined, [first], [], rules), rules)
    expect(afterDuplicate.pending).toEqual([])
  })

  it('alerts about every warning once if there is no window', () => {
    const noWindow = { alertWindowMs: 0 }
    const events = [warningAt(10), warningAt(11)]
    const outbox = decideAlerts(emptyOutbox, foldSteps(undefined, events, [], noWindow), noWindow)
    expect(suppressedCounts(outbox, ...events)).toEqual([0, 0])
    const afterDuplicate = decideAlerts(
      { ...outbox, pending: [] },
      foldSteps(undefined, events, [], noWindow),
      noWindow,
    )
    expect(afterDuplicate.pending).toEqual([])
  })

  it('covers every warning with one alert per window, in any order and batches', () => {
    const times = fc.uniqueArray(fc.nat(5 * alertWindowMs), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(times, fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 }), (order, sizes) => {
        const events = order.map((ms) => warningAt(ms))
        const outbox = decideInBatches(...cut(events, sizes))
        const alerting = events.filter((event) => findPendingAlert(outbox, event) !== undefined)
        const alertTimes = alerting.map((event) => event.received_at).sort((a, b) => a - b)
        for (const [index, ms] of alertTimes.entries())
          expect(ms - (alertTimes[index - 1] ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(alertWindowMs)
        // Each warning has an alert itself, or there is a later one, or one less than a window before it.
        for (const { received_at } of events)
          expect(alertTimes.some((ms) => ms > received_at - alertWindowMs)).toBe(true)
        const suppressed = alerting.reduce((sum, event) => sum + (findPendingAlert(outbox, event)?.suppressed ?? 0), 0)
        expect(suppressed + alerting.length).toBeLessThanOrEqual(events.length)
      }),
    )
  })
})

describe('the outbox of decideAlerts', () => {
  it('keeps a limited number of port sets, and does not alert about old warnings of dropped ones', () => {
    const first = warningAt(1, 1)
    const others = Array.from({ length: 70 }, (_, index) => warningAt(1000 + index, 100 + index))
    const outbox = decideInBatches([first], others)
    expect(outbox.alerts).toHaveLength(64)
    const afterDuplicate = decideAlerts(
      removePending(outbox, outbox.pending),
      foldSteps(undefined, [first], [], rules),
      rules,
    )
    expect(afterDuplicate.pending).toEqual([])
  })

  it('keeps at most 1000 pending alerts', () => {
    const many = Array.from({ length: 1100 }, (_, index) => warningAt(index + 1, index))
    expect(decideInBatches(many).pending).toHaveLength(1000)
  })

  it('is not changed by other events', () => {
    const join = eventAt(1, 'join')
    expect(decideAlerts(emptyOutbox, foldSteps(undefined, [join], [], rules), rules)).toEqual(emptyOutbox)
    expect(findPendingAlert(null, join)).toBeUndefined()
  })
})
