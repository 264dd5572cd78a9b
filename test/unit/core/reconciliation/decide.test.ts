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

/** A stored room with these users, all present and unchanged since `changed_at` (ms). */
function createStoredRoom(room_id: string, users: readonly string[], changed_at = 0): StoredPresence[] {
  const toStored = (presence: Presence): StoredPresence => ({ presence, present: true, changed_at, session_ref: 'e' })
  return [toStored({ room_id }), ...users.map((user_id) => toStored({ room_id, user_id }))]
}

function sweep(
  observed: readonly ObservedRoom[],
  stored: readonly StoredPresence[],
  startedAt: number,
  absences: AbsenceTracker,
) {
  const present = stored.filter((entry) => entry.present).map((entry) => entry.presence)
  return decideCorrections(compare(observed, present), stored, { startedAt, graceMs, absences }, hash)
}

const summarize = (corrections: ReturnType<typeof sweep>['corrections']) =>
  corrections.map(({ params }) => [params.event, params.room_id, params.user_id].filter(Boolean).join(' '))

describe('decideCorrections for a presence that is in the list but not stored', () => {
  it('corrects it at once, with the time at which the sweep started', () => {
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

  it('does not correct it if it changed after the sweep started', () => {
    const left: StoredPresence = {
      presence: { room_id: 'R', user_id: 'U' },
      present: false,
      changed_at: 1001,
      session_ref: 'e',
    }
    const observed = [{ room_id: 'R', users: [{ user_id: 'U' }] }]
    expect(summarize(sweep(observed, [...createStoredRoom('R', []), left], 1000, noAbsences).corrections)).toEqual([])
    expect(
      summarize(
        sweep(observed, [...createStoredRoom('R', []), { ...left, changed_at: 999 }], 1000, noAbsences).corrections,
      ),
    ).toEqual(['join R U'])
  })
})

describe('decideCorrections for a presence that is stored but not in the list', () => {
  const stored = createStoredRoom('R', ['U', 'V'])
  const observe = (users: string[]): ObservedRoom[] => [{ room_id: 'R', users: users.map((user_id) => ({ user_id })) }]

  it('corrects it after two sweeps in a row and the grace period since the first', () => {
    const first = sweep(observe(['V']), stored, 1000, noAbsences)
    expect(summarize(first.corrections)).toEqual([])
    const early = sweep(observe(['V']), stored, 1000 + graceMs - 1, first.absences)
    expect(summarize(early.corrections)).toEqual([])
    const late = sweep(observe(['V']), stored, 1000 + graceMs, early.absences)
    expect(late.corrections).toMatchObject([
      { received_at: 1000, params: { event: 'leave', room_id: 'R', user_id: 'U', event_type: 'reconciled' } },
    ])
  })

  it('does not correct it after a single sweep, even long after the grace period', () => {
    expect(summarize(sweep(observe([]), stored, 10 * graceMs, noAbsences).corrections)).toEqual([])
  })

  it('restarts the count if a sweep in between finds it', () => {
    const first = sweep(observe(['V']), stored, 1000, noAbsences)
    const seen = sweep(observe(['U', 'V']), stored, 60_000, first.absences)
    const missingAgain = sweep(observe(['V']), stored, 1000 + graceMs, seen.absences)
    expect(summarize(missingAgain.corrections)).toEqual([])
  })

  it('restarts the count after a failed sweep, which leaves no absences', () => {
    sweep(observe(['V']), stored, 1000, noAbsences)
    expect(summarize(sweep(observe(['V']), stored, 1000 + graceMs, noAbsences).corrections)).toEqual([])
  })

  it('does not correct it if it changed after the first sweep or after the start of this one', () => {
    const first = sweep(observe(['V']), stored, 1000, noAbsences)
    for (const changedAt of [1001, 1000 + graceMs + 1]) {
      const changed = stored.map((entry) =>
        entry.presence.user_id === 'U' ? { ...entry, changed_at: changedAt } : entry,
      )
      expect(summarize(sweep(observe(['V']), changed, 1000 + graceMs, first.absences).corrections)).toEqual([])
    }
  })

  it('corrects a missing room and all its participants', () => {
    const first = sweep([], stored, 1000, noAbsences)
    const second = sweep([], stored, 1000 + graceMs, first.absences)
    expect(summarize(second.corrections).sort()).toEqual(['close R', 'leave R U', 'leave R V'])
  })

  it('does not correct a missing room with recent activity', () => {
    const first = sweep([], stored, 1000, noAbsences)
    const active = stored.map((entry) => (entry.presence.user_id === 'U' ? { ...entry, changed_at: 1500 } : entry))
    expect(summarize(sweep([], active, 1000 + graceMs, first.absences).corrections)).toEqual(['leave R V'])
  })

  it('treats an empty list like any other', () => {
    const first = sweep([], stored, 1000, noAbsences)
    expect(first.corrections).toEqual([])
    expect(sweep([], stored, 1000 + graceMs, first.absences).corrections).not.toEqual([])
  })
})

describe('decideCorrections for any sequence of sweeps', () => {
  const users = ['U1', 'U2', 'U3']
  const observation = fc.record({
    present: fc.subarray(users),
    pause: fc.integer({ min: 1, max: graceMs }),
    fails: fc.boolean(),
    /** The users with an event just before this sweep. */
    active: fc.subarray(users),
  })
  const sequence = fc.array(observation, { minLength: 1, maxLength: 8 })

  it('corrects an absence exactly after two successful sweeps in a row and the grace period without any change', () => {
    fc.assert(
      fc.property(sequence, (sweeps) => {
        let absences = noAbsences
        let now = 0
        const changedAt = new Map<string, number>()
        /** The expected absences, tracked independently of the code under test. */
        const expectedAbsences = new Map<string, { since: number; sweeps: number }>()
        for (const { present, pause, fails, active } of sweeps) {
          now += pause
          for (const user of active) changedAt.set(user, now - 1)
          const stored = users.map((user_id) => ({
            presence: { room_id: 'R', user_id },
            present: true,
            changed_at: changedAt.get(user_id) ?? 0,
            session_ref: 'e',
          }))
          if (fails) {
            absences = noAbsences
            expectedAbsences.clear()
            continue
          }
          const observed = [{ room_id: 'R', users: present.map((user_id) => ({ user_id })) }]
          const result = sweep(observed, [...createStoredRoom('R', []), ...stored], now, absences)
          absences = result.absences
          for (const user of users) {
            const before = expectedAbsences.get(user)
            if (present.includes(user)) expectedAbsences.delete(user)
            else if (before === undefined || (changedAt.get(user) ?? 0) > before.since)
              expectedAbsences.set(user, { since: now, sweeps: 1 })
            else expectedAbsences.set(user, { ...before, sweeps: before.sweeps + 1 })
          }
          const corrected = new Set(result.corrections.map((correction) => correction.params.user_id))
          for (const user of users) {
            const absence = expectedAbsences.get(user)
            expect(corrected.has(user)).toBe(
              absence !== undefined && absence.sweeps >= 2 && now - absence.since >= graceMs,
            )
          }
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('returns the same corrections for the same input, each with a different trace_id', () => {
    fc.assert(
      fc.property(fc.subarray(users), fc.subarray(users), fc.nat(1000), (present, storedUsers, at) => {
        const stored = [...createStoredRoom('R', storedUsers), ...createStoredRoom('missing', users)]
        const absences = new Map(stored.map((entry) => [presenceKey(entry.presence), { since: 0, sweeps: 1 }]))
        const observed = [{ room_id: 'R', users: present.map((user_id) => ({ user_id })) }]
        const first = sweep(observed, stored, graceMs + at, absences)
        expect(sweep(observed, stored, graceMs + at, absences)).toEqual(first)
        const later = sweep(observed, stored, graceMs + at + 7, absences)
        const traceIdsOf = (result: typeof first) => result.corrections.map((correction) => correction.trace_id)
        expect(traceIdsOf(later)).toEqual(traceIdsOf(first))
        expect(new Set(traceIdsOf(first)).size).toBe(first.corrections.length)
      }),
    )
  })

  it('derives different trace_ids for different sessions of the same user', () => {
    const absences = new Map([[presenceKey({ room_id: 'R', user_id: 'U' }), { since: 1, sweeps: 1 }]])
    const traceIdFor = (session_ref: string) => {
      const stored = createStoredRoom('R', ['U']).map((entry) => ({ ...entry, session_ref }))
      return sweep([{ room_id: 'R', users: [] }], stored, graceMs + 1, absences).corrections[0]?.trace_id
    }
    expect(traceIdFor('joined 1')).toBeDefined()
    expect(traceIdFor('joined 1')).not.toBe(traceIdFor('joined 2'))
  })
})
