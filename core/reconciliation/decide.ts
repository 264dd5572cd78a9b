import type { Envelope } from '../protocol/envelope.ts'
import type { Differences, ObservedUser } from './compare.ts'
import { type Absence, type AbsenceTracker, type Presence, presenceKey, type StoredPresence } from './presence.ts'

export type SweepContext = {
  /** ms: when the list was requested. Changes after this time prove nothing. */
  readonly startedAt: number
  /** ms: how long a presence must have been missing before it counts as absent. */
  readonly graceMs: number
  readonly absences: AbsenceTracker
}

/** A correction before it is wrapped in an envelope. */
type Correction = {
  /** ms: the time of the corrective event. */
  readonly at: number
  readonly params: Readonly<Record<string, string>>
  /** What is corrected; the `trace_id` is derived from it, so repeating a correction has no effect. */
  readonly identity: readonly string[]
}

/**
 * Decides which corrections the differences prove (docs/contract.md, section 5).
 *
 * A presence counts as absent only if two sweeps in a row did not find it, the grace period since the first of them has
 * passed, and nothing about it has changed since. It then counts as absent from the first of these sweeps on. A
 * presence that is in the list but not stored counts as present at once.
 *
 * @param stored the missing and unknown presences, read after the list.
 * @param hash derives the `trace_id` of a correction.
 */
export function decideCorrections(
  { missing, unknown }: Differences,
  stored: readonly StoredPresence[],
  { startedAt, graceMs, absences }: SweepContext,
  hash: (text: string) => string,
): { corrections: Envelope[]; absences: AbsenceTracker } {
  const storedByKey = new Map(stored.map((entry) => [presenceKey(entry.presence), entry]))
  const lastChanges = lastChangeByRoom(stored)
  const nextAbsences = new Map<string, Absence>()
  const corrections: Correction[] = []
  for (const presence of missing) {
    const entry = storedByKey.get(presenceKey(presence))
    if (entry === undefined || !entry.present) continue
    // Any activity in a room shows that the room is open.
    const changedAt = presence.user_id === undefined ? (lastChanges.get(presence.room_id) ?? 0) : entry.changed_at
    if (changedAt > startedAt) continue
    const absence = continueAbsence(absences.get(presenceKey(presence)), changedAt, startedAt)
    nextAbsences.set(presenceKey(presence), absence)
    if (absence.sweeps >= 2 && startedAt - absence.since >= graceMs)
      corrections.push(absentCorrection(presence, absence.since, entry.session_ref))
  }
  for (const { user, ...presence } of unknown) {
    const entry = storedByKey.get(presenceKey(presence))
    if (entry !== undefined && (entry.present || entry.changed_at > startedAt)) continue
    corrections.push(presentCorrection(presence, user, startedAt, entry?.session_ref ?? ''))
  }
  return { corrections: corrections.map((correction) => toEnvelope(correction, hash)), absences: nextAbsences }
}

/** An absence continues only if nothing changed after its first sweep began. */
function continueAbsence(before: Absence | undefined, changedAt: number, startedAt: number): Absence {
  if (before === undefined || changedAt > before.since || before.since >= startedAt)
    return { since: startedAt, sweeps: 1 }
  return { since: before.since, sweeps: before.sweeps + 1 }
}

function lastChangeByRoom(stored: readonly StoredPresence[]): Map<string, number> {
  const latest = new Map<string, number>()
  for (const { presence, changed_at } of stored)
    latest.set(presence.room_id, Math.max(changed_at, latest.get(presence.room_id) ?? 0))
  return latest
}

function absentCorrection({ room_id, user_id }: Presence, at: number, sessionRef: string): Correction {
  const params =
    user_id === undefined
      ? { event: 'close', room_id, event_type: 'reconciled' }
      : { event: 'leave', room_id, user_id, event_type: 'reconciled' }
  return { at, params, identity: [params.event, room_id, user_id ?? '', sessionRef] }
}

function presentCorrection(
  { room_id, user_id }: Presence,
  user: ObservedUser | undefined,
  at: number,
  sessionRef: string,
): Correction {
  if (user_id === undefined)
    return { at, params: { event: 'open', room_id }, identity: ['open', room_id, '', sessionRef] }
  const { user_name, endpoint_type } = user ?? {}
  const params = {
    event: 'join',
    room_id,
    user_id,
    event_type: 'normal',
    ...(user_name === undefined ? {} : { user_name }),
    ...(endpoint_type === undefined ? {} : { endpoint_type }),
  }
  return { at, params, identity: ['join', room_id, user_id, sessionRef] }
}

function toEnvelope({ at, params, identity }: Correction, hash: (text: string) => string): Envelope {
  const trace_id = `reconcile-${hash(JSON.stringify(identity))}`
  return { trace_id, received_at: at, source: 'reconcile', params: { ...params, trace_id } }
}
