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
import { otherPortSets } from '../../../../core/state/port-alerts.ts'
import { cut, warningAt } from '../../../support/events.ts'
import { alertWindowMs, eventAt } from '../state/states.ts'

const rules = { alertWindowMs, timeZone: 'UTC' }

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
    const decided = decideInBatches([first])
    const outbox = removePending(decided, decided.pending)
    expect(outbox.pending).toEqual([])
    const afterDuplicate = decideAlerts(outbox, foldSteps(undefined, [first], [], rules), rules)
    expect(afterDuplicate.pending).toEqual([])
  })

  it('alerts about every warning once if there is no window', () => {
    const noWindow = { ...rules, alertWindowMs: 0 }
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
  it('keeps at most 1000 pending alerts, and counts the warnings of dropped ones in the next alerts', () => {
    const many = Array.from({ length: 1100 }, (_, index) => warningAt(index + 1, index))
    const [again, repeated] = [warningAt(20, 5), warningAt(3 * alertWindowMs, 5)]
    const outbox = decideInBatches([again, ...many], [repeated])
    expect(outbox.pending).toHaveLength(1000)
    expect(suppressedCounts(outbox, ...many.slice(0, 2), repeated)).toEqual([undefined, undefined, 2])
  })

  it('is not changed by other events', () => {
    const join = eventAt(1, 'join')
    expect(decideAlerts(emptyOutbox, foldSteps(undefined, [join], [], rules), rules)).toEqual(emptyOutbox)
    expect(findPendingAlert(null, join)).toBeUndefined()
  })
})

describe('decideAlerts with many sets of ports', () => {
  const noAlert = Number.NEGATIVE_INFINITY

  /** Verifies that no two alerts about the same ports are closer than a window. */
  function verifyDistances(outbox: AlertOutbox, events: readonly NorthboundEvent[]) {
    const lastAlerts = new Map<string, number>()
    for (const event of historyOf(events)) {
      if (findPendingAlert(outbox, event) === undefined) continue
      const ports = event.params.options ?? ''
      expect(event.received_at - (lastAlerts.get(ports) ?? noAlert)).toBeGreaterThanOrEqual(alertWindowMs)
      lastAlerts.set(ports, event.received_at)
    }
  }

  const countAlerts = ({ pending }: AlertOutbox) => pending.length
  const countSuppressed = ({ pending }: AlertOutbox) => pending.reduce((sum, { suppressed }) => sum + suppressed, 0)

  it('alerts about each set once per window and covers every warning exactly once, in any order and batches', () => {
    const warning = fc.record({ ms: fc.nat(4 * alertWindowMs), port: fc.nat(200) })
    const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 })
    fc.assert(
      fc.property(fc.array(warning, { maxLength: 300 }), sizes, (warnings, batchSizes) => {
        const events = warnings.map(({ ms, port }) => warningAt(ms, port))
        // A last warning about each set is told what was suppressed before.
        const ports = [...new Set(warnings.map(({ port }) => port))]
        const last = ports.map((port) => warningAt(6 * alertWindowMs, port))
        const outbox = decideInBatches(...cut(events, batchSizes), last)
        verifyDistances(outbox, [...events, ...last])
        expect(countAlerts(outbox) + countSuppressed(outbox)).toBe(events.length + last.length)
      }),
    )
  })

  it('suppresses a repeated warning after 2,900 warnings about other ports', () => {
    const others = Array.from({ length: 900 }, (_, index) => warningAt(20 + index, 100 + index))
    const many = Array.from({ length: 2000 }, (_, index) => warningAt(930, 1000 + index))
    const [first, second, third] = [warningAt(930), warningAt(940), warningAt(930 + alertWindowMs)]
    const outbox = decideInBatches([...others, ...many, first], [second, third])
    expect(suppressedCounts(outbox, second, third)).toEqual([undefined, 1])
  })

  it('alerts about more sets than it can hold together, once per window', () => {
    const round = (at: number) => Array.from({ length: 6000 }, (_, port) => warningAt(at, port))
    const sent = (outbox: AlertOutbox) => ({ ...outbox, pending: [] })
    const decide = (outbox: AlertOutbox, events: readonly NorthboundEvent[]) => {
      const all = foldSteps(undefined, historyOf(events), [], rules)
      return decideAlerts(sent(outbox), all, rules)
    }
    const first = decide(emptyOutbox, round(10))
    // Only the latest 1000 pending alerts are kept: one alert covers the 3000 sets beyond the maximum.
    expect(first.pending.filter(({ set }) => set === otherPortSets)).toHaveLength(1)
    expect(first.alerts).toHaveLength(3001)
    expect(decide(first, [...round(10), ...round(500)]).pending).toEqual([])
  })
})
