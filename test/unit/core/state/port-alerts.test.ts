import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseEvent } from '../../../../core/protocol/events.ts'
import {
  assignEntry,
  findAlert,
  isSuppressed,
  otherPortSets,
  type PortAlert,
  portSetOf,
  upsertAlert,
} from '../../../../core/state/port-alerts.ts'

const rules = { alertWindowMs: 10 }
const maxEntries = 3
const numRuns = 1000

type Warning = { readonly set: number; readonly at: number }

/** Counts each warning under its entry. @returns the entries, and the warnings that caused an alert. */
function countAll(warnings: readonly Warning[]): { alerts: readonly PortAlert[]; sent: Warning[] } {
  const sent: Warning[] = []
  let alerts: readonly PortAlert[] = []
  for (const warning of warnings) {
    const assigned = assignEntry(alerts, warning.set, warning.at, rules, maxEntries)
    const last = findAlert(assigned.alerts, assigned.set)
    const isRepeated = last !== undefined && isSuppressed(last, warning.at, rules)
    if (!isRepeated) sent.push(warning)
    const sent_at = isRepeated ? last.sent_at : warning.at
    alerts = upsertAlert(assigned.alerts, { set: assigned.set, sent_at, warnings: (last?.warnings ?? 0) + 1 })
  }
  return { alerts, sent }
}

const anyWarnings = fc.array(fc.record({ set: fc.integer({ min: 1, max: 8 }), at: fc.nat(60) }), {
  minLength: 1,
  maxLength: 60,
  size: 'max',
})
const inOrder = anyWarnings.map((warnings) => warnings.toSorted((a, b) => a.at - b.at))

describe('assignEntry with more sets than entries', () => {
  it('never alerts about the same set twice within a window, in any order', () => {
    fc.assert(
      fc.property(anyWarnings, (warnings) => {
        const { sent } = countAll(warnings)
        for (const ofSet of Map.groupBy(sent, ({ set }) => set).values()) {
          const times = ofSet.map(({ at }) => at).sort((a, b) => a - b)
          for (const [index, at] of times.slice(1).entries())
            expect(at - (times[index] ?? 0)).toBeGreaterThanOrEqual(rules.alertWindowMs)
        }
      }),
      { numRuns },
    )
  })

  it('alerts about something in every window with warnings', () => {
    fc.assert(
      fc.property(inOrder, (warnings) => {
        const { sent } = countAll(warnings)
        for (const { at } of warnings)
          expect(sent.some((alert) => alert.at <= at && at < alert.at + rules.alertWindowMs)).toBe(true)
      }),
      { numRuns },
    )
  })

  it('alerts at most once more per window than it has entries', () => {
    fc.assert(
      fc.property(inOrder, (warnings) => {
        const { sent } = countAll(warnings)
        for (const { at } of sent) {
          const within = sent.filter((alert) => at <= alert.at && alert.at < at + rules.alertWindowMs)
          expect(within.length).toBeLessThanOrEqual(maxEntries + 1)
        }
      }),
      { numRuns },
    )
  })

  it('keeps a limited number of entries, and counts every warning in one of them', () => {
    fc.assert(
      fc.property(anyWarnings, (warnings) => {
        const { alerts } = countAll(warnings)
        expect(alerts.filter(({ set }) => set !== otherPortSets).length).toBeLessThanOrEqual(maxEntries)
        expect(new Set(alerts.map(({ set }) => set)).size).toBe(alerts.length)
        expect(alerts.reduce((sum, alert) => sum + alert.warnings, 0)).toBe(warnings.length)
      }),
      { numRuns },
    )
  })

  it('merges the set that alerted longest ago into the others once its window has passed', () => {
    const { alerts } = countAll([
      { set: 1, at: 0 },
      { set: 2, at: 1 },
      { set: 3, at: 2 },
      { set: 1, at: 3 },
      { set: 4, at: 10 },
    ])
    expect(alerts).toEqual([
      { set: otherPortSets, sent_at: 0, warnings: 2 },
      { set: 2, sent_at: 1, warnings: 1 },
      { set: 3, sent_at: 2, warnings: 1 },
      { set: 4, sent_at: 10, warnings: 1 },
    ])
  })
})

describe('portSetOf', () => {
  const setOf = (ports: readonly { type: string; port: number }[], event_type?: string) => {
    const params = { event: 'warning_notify', box_code: 'B', options: JSON.stringify(ports) }
    const { data } = parseEvent(
      { trace_id: 't', received_at: 1, source: 'callback' },
      event_type === undefined ? params : { ...params, event_type },
    )
    return data.event === 'warning_notify' ? portSetOf(data) : 0
  }
  const [tcp, udp] = [
    { type: 'tcp', port: 1 },
    { type: 'udp', port: 2 },
  ]

  it('is the same for the same ports in any order, and differs for other ports and other kinds', () => {
    expect(setOf([tcp, udp])).toBe(setOf([udp, tcp, udp]))
    expect(new Set([setOf([]), setOf([tcp]), setOf([udp]), setOf([tcp, udp]), setOf([tcp], 'check_disk')]).size).toBe(5)
  })

  it('differs for a type that contains another port', () => {
    expect(setOf([{ type: 'a:00001 b', port: 2 }])).not.toBe(
      setOf([
        { type: 'a', port: 1 },
        { type: 'b', port: 2 },
      ]),
    )
  })
})
