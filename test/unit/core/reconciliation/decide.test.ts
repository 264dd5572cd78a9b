import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compare, type ObservedRoom } from '../../../../core/reconciliation/compare.ts'
import { decideCorrections } from '../../../../core/reconciliation/decide.ts'
import {
  type AbsenceTracker,
  noAbsences,
  type Presence,
  presenceKey,
  type StoredPresence,
} from '../../../../core/reconciliation/presence.ts'

const graceMs = 120_000
const hash = (text: string) => text

/** One room with these people, all present and quiet since `changed_at`. */
function stored(room_id: string, users: readonly string[], changed_at = 0): StoredPresence[] {
  const one = (presence: Presence): StoredPresence => ({ presence, present: true, changed_at, session_ref: 'e' })
  return [one({ room_id }), ...users.map((user_id) => one({ room_id, user_id }))]
}

function sweep(
  observed: readonly ObservedRoom[],
  held: readonly StoredPresence[],
  startedAt: number,
  absences: AbsenceTracker,
) {
  const listed = held.filter((entry) => entry.present).map((entry) => entry.presence)
  return decideCorrections(compare(observed, listed), held, { startedAt, graceMs, absences }, hash)
}

const summary = (corrections: ReturnType<typeof sweep>['corrections']) =>
  corrections.map(({ params }) => [params.event, params.room_id, params.user_id].filter(Boolean).join(' '))

describe('what the list has and we do not', () => {
  it('is there at once, as an estimate that holds from the beginning of the sweep', () => {
    const observed = [{ room_id: 'R', users: [{ user_id: 'U', user_name: '王', endpoint_type: 'web' }] }]
    const { corrections } = sweep(observed, [], 1000, noAbsences)
    expect(corrections).toMatchObject([
      { source: 'reconcile', received_at: 1000, params: { event: 'open', room_id: 'R' } },
      {
        source: 'reconcile',
        received_at: 1000,
        params: { event: 'join', room_id: 'R', user_id: 'U', user_name: '王', endpoint_type: 'web' },
      },
    ])
  })

  it('is left alone where it changed after the sweep startedAt: the list is older than that', () => {
    const left: StoredPresence = {
      presence: { room_id: 'R', user_id: 'U' },
      present: false,
      changed_at: 1001,
      session_ref: 'e',
    }
    const observed = [{ room_id: 'R', users: [{ user_id: 'U' }] }]
    expect(summary(sweep(observed, [...stored('R', []), left], 1000, noAbsences).corrections)).toEqual([])
    expect(
      summary(sweep(observed, [...stored('R', []), { ...left, changed_at: 999 }], 1000, noAbsences).corrections),
    ).toEqual(['join R U'])
  })
})

describe('what we have and the list lacks', () => {
  const held = stored('R', ['U', 'V'])
  const only = (users: string[]): ObservedRoom[] => [{ room_id: 'R', users: users.map((user_id) => ({ user_id })) }]

  it('is gone after two sweeps in a row without it and the grace since the first of them', () => {
    const first = sweep(only(['V']), held, 1000, noAbsences)
    expect(summary(first.corrections)).toEqual([])
    const early = sweep(only(['V']), held, 1000 + graceMs - 1, first.absences)
    expect(summary(early.corrections)).toEqual([])
    const late = sweep(only(['V']), held, 1000 + graceMs, early.absences)
    expect(late.corrections).toMatchObject([
      { received_at: 1000, params: { event: 'leave', room_id: 'R', user_id: 'U', event_type: 'reconciled' } },
    ])
  })

  it('is not gone after one sweep, however long the grace is over', () => {
    expect(summary(sweep(only([]), held, 10 * graceMs, noAbsences).corrections)).toEqual([])
  })

  it('starts to be missing again once it was seen in between', () => {
    const first = sweep(only(['V']), held, 1000, noAbsences)
    const seen = sweep(only(['U', 'V']), held, 60_000, first.absences)
    const again = sweep(only(['V']), held, 1000 + graceMs, seen.absences)
    expect(summary(again.corrections)).toEqual([])
  })

  it('starts to be missing again after a failed sweep: a sweep without absences', () => {
    sweep(only(['V']), held, 1000, noAbsences)
    expect(summary(sweep(only(['V']), held, 1000 + graceMs, noAbsences).corrections)).toEqual([])
  })

  it('is left alone where it changed after the first sweep without it, or after this one startedAt', () => {
    const first = sweep(only(['V']), held, 1000, noAbsences)
    for (const changedAt of [1001, 1000 + graceMs + 1]) {
      const changed = held.map((entry) =>
        entry.presence.user_id === 'U' ? { ...entry, changed_at: changedAt } : entry,
      )
      expect(summary(sweep(only(['V']), changed, 1000 + graceMs, first.absences).corrections)).toEqual([])
    }
  })

  it('a room and everybody in it: all leave, reason reconciled, and the room closes', () => {
    const first = sweep([], held, 1000, noAbsences)
    const second = sweep([], held, 1000 + graceMs, first.absences)
    expect(summary(second.corrections).sort()).toEqual(['close R', 'leave R U', 'leave R V'])
  })

  it('a room in which somebody still does something is not gone', () => {
    const first = sweep([], held, 1000, noAbsences)
    const active = held.map((entry) => (entry.presence.user_id === 'U' ? { ...entry, changed_at: 1500 } : entry))
    expect(summary(sweep([], active, 1000 + graceMs, first.absences).corrections)).toEqual(['leave R V'])
  })

  it('an empty list is evidence like any other', () => {
    const first = sweep([], held, 1000, noAbsences)
    expect(first.corrections).toEqual([])
    expect(sweep([], held, 1000 + graceMs, first.absences).corrections).not.toEqual([])
  })
})

describe('for any sequence of sweeps', () => {
  const users = ['U1', 'U2', 'U3']
  const observation = fc.record({
    present: fc.subarray(users),
    pause: fc.integer({ min: 1, max: graceMs }),
    fails: fc.boolean(),
    /** Who does something just before this sweep. */
    active: fc.subarray(users),
  })
  const sequence = fc.array(observation, { minLength: 1, maxLength: 8 })

  it('nobody is gone without two successful sweeps in a row, the grace, and silence since the first', () => {
    fc.assert(
      fc.property(sequence, (sweeps) => {
        let absences = noAbsences
        let now = 0
        const changed = new Map<string, number>()
        /** The independent account: since when, and how often in a row, each was missing. */
        const absent = new Map<string, { since: number; times: number }>()
        for (const { present, pause, fails, active } of sweeps) {
          now += pause
          for (const user of active) changed.set(user, now - 1)
          const held = users.map((user_id) => ({
            presence: { room_id: 'R', user_id },
            present: true,
            changed_at: changed.get(user_id) ?? 0,
            session_ref: 'e',
          }))
          if (fails) {
            absences = noAbsences
            absent.clear()
            continue
          }
          const observed = [{ room_id: 'R', users: present.map((user_id) => ({ user_id })) }]
          const result = sweep(observed, [...stored('R', []), ...held], now, absences)
          absences = result.absences
          for (const user of users) {
            const before = absent.get(user)
            if (present.includes(user)) absent.delete(user)
            else if (before === undefined || (changed.get(user) ?? 0) > before.since)
              absent.set(user, { since: now, times: 1 })
            else absent.set(user, { ...before, times: before.times + 1 })
          }
          const gone = new Set(result.corrections.map((correction) => correction.params.user_id))
          for (const user of users) {
            const record = absent.get(user)
            expect(gone.has(user)).toBe(record !== undefined && record.times >= 2 && now - record.since >= graceMs)
          }
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('the same input gives the same corrections, with the same trace_ids; no two corrections share one', () => {
    fc.assert(
      fc.property(fc.subarray(users), fc.subarray(users), fc.nat(1000), (present, known, at) => {
        const held = [...stored('R', known), ...stored('gone', users)]
        const absences = new Map(held.map((entry) => [presenceKey(entry.presence), { since: 0, sweeps: 1 }]))
        const observed = [{ room_id: 'R', users: present.map((user_id) => ({ user_id })) }]
        const once = sweep(observed, held, graceMs + at, absences)
        expect(sweep(observed, held, graceMs + at, absences)).toEqual(once)
        const later = sweep(observed, held, graceMs + at + 7, absences)
        const traces = (result: typeof once) => result.corrections.map((correction) => correction.trace_id)
        expect(traces(later)).toEqual(traces(once))
        expect(new Set(traces(once)).size).toBe(once.corrections.length)
      }),
    )
  })

  it('another session of the same person is corrected under another trace_id', () => {
    const absences = new Map([[presenceKey({ room_id: 'R', user_id: 'U' }), { since: 1, sweeps: 1 }]])
    const trace = (session_ref: string) => {
      const held = stored('R', ['U']).map((entry) => ({ ...entry, session_ref }))
      return sweep([{ room_id: 'R', users: [] }], held, graceMs + 1, absences).corrections[0]?.trace_id
    }
    expect(trace('joined 1')).toBeDefined()
    expect(trace('joined 1')).not.toBe(trace('joined 2'))
  })
})
