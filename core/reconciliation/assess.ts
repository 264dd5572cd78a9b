import type { Differences, ObservedUser } from './compare.ts'
import { absentCorrection, type Hash, presentCorrection } from './correction.ts'
import type { Absence, SentCorrection, Sighting, SweepFindings } from './findings.ts'
import { type MassDisappearance, massGraceMs, trackMassDisappearance } from './mass-disappearance.ts'
import { type Presence, presenceKey, type StoredPresence } from './presence.ts'

// What the differences between the platform's list and the state prove (docs/contract.md, section 5). All times in ms.

export type SweepContext = {
  /** When the list was requested. */
  readonly startedAt: number
  /** How long a presence must have been missing before it counts as absent. */
  readonly graceMs: number
  /** What the sweep before found. */
  readonly previous: SweepFindings
  /** Whether the sweep before succeeded. Otherwise nothing is "in a row" yet. */
  readonly isContinued: boolean
  /** Number of open rooms and present participants that are stored. */
  readonly presentCount: number
  /** Derives the `trace_id` of a correction. */
  readonly hash: Hash
}

/** A presence whose end is due. */
export type DueAbsence = { readonly stored: StoredPresence; readonly absence: Absence }

/** A presence whose start is due. */
export type DueSighting = {
  readonly presence: Presence
  readonly user: ObservedUser | undefined
  readonly stored: StoredPresence | undefined
  /** Whether the sweep before listed it as well, and nothing changed in between. */
  readonly isConfirmed: boolean
}

/** What is due, without corrections that were sent before, and what the next sweep must know. */
export type Assessment = {
  readonly startedAt: number
  readonly dueAbsences: readonly DueAbsence[]
  readonly dueSightings: readonly DueSighting[]
  readonly findings: SweepFindings
}

/** The list may be stale: what changed more recently may only seem to be present. */
const quietMs = 30_000
/**
 * A correction is sent again after this time if its presence still differs. Until then it is taken to wait in the queue; later, it
 * may be among the dead letters.
 */
const resendAfterMs = 2 * 3_600_000

/** @param stored what is stored about the differences, read after the list. */
export function assess(differences: Differences, stored: readonly StoredPresence[], context: SweepContext): Assessment {
  const storedByKey = new Map(stored.map((entry) => [presenceKey(entry.presence), entry]))
  const missing = trackAbsences(differences.missing, storedByKey, context)
  const listed = trackSightings(differences.unknown, storedByKey, context)
  const massDisappearance = trackMassDisappearance(context.previous.massDisappearance, {
    missing: missing.length,
    present: context.presentCount,
    startedAt: context.startedAt,
    isContradicted: missing.some((entry) => isHeardOf(entry, context)),
  })
  return {
    startedAt: context.startedAt,
    dueAbsences: missing.filter((entry) => isAbsenceDue(entry, massDisappearance, context)),
    dueSightings: listed.filter((entry) => isSightingDue(entry, context)),
    findings: {
      absences: new Map(missing.map(({ stored: { presence }, absence }) => [presenceKey(presence), absence])),
      sightings: new Map(listed.map(({ presence, sighting }) => [presenceKey(presence), sighting])),
      massDisappearance,
    },
  }
}

type StoredByKey = ReadonlyMap<string, StoredPresence>

/** Missing presences that did not change after the sweep began. */
function trackAbsences(missing: Differences['missing'], stored: StoredByKey, context: SweepContext): DueAbsence[] {
  const activeAt = lastChangeByRoom(stored)
  return missing.flatMap((presence) => {
    const entry = stored.get(presenceKey(presence))
    if (entry === undefined || !entry.present) return []
    // Any activity in a room shows that the room is open.
    const changed_at = presence.user_id === undefined ? (activeAt.get(presence.room_id) ?? 0) : entry.changed_at
    if (changed_at > context.startedAt) return []
    const before = context.previous.absences.get(presenceKey(presence))
    return [{ stored: { ...entry, changed_at }, absence: continueAbsence(before, changed_at, context) }]
  })
}

function lastChangeByRoom(stored: StoredByKey): Map<string, number> {
  const latest = new Map<string, number>()
  for (const { presence, changed_at } of stored.values())
    latest.set(presence.room_id, Math.max(changed_at, latest.get(presence.room_id) ?? 0))
  return latest
}

/** An absence continues only if nothing changed after it began. */
function continueAbsence(
  before: Absence | undefined,
  changedAt: number,
  { startedAt, isContinued }: SweepContext,
): Absence {
  if (before === undefined || changedAt > before.since || before.since >= startedAt)
    return { first_at: startedAt, since: startedAt }
  if (isContinued) return before
  return { ...before, first_at: changedAt > before.first_at ? startedAt : before.first_at, since: startedAt }
}

/** Whether an event about a missing presence came after the first sweep without it. */
function isHeardOf({ stored }: DueAbsence, { previous }: SweepContext): boolean {
  const before = previous.absences.get(presenceKey(stored.presence))
  return before !== undefined && stored.changed_at > before.first_at
}

function isAbsenceDue(
  { stored, absence }: DueAbsence,
  massDisappearance: MassDisappearance | undefined,
  { startedAt, graceMs, hash }: SweepContext,
): boolean {
  const requiredMs = massDisappearance === undefined ? graceMs : Math.max(graceMs, massGraceMs(massDisappearance))
  if (absence.since === startedAt || startedAt - absence.since < requiredMs) return false
  return !wasSent(absence.sent, absentCorrection(stored, startedAt, hash).envelope.trace_id, startedAt)
}

type TrackedSighting = DueSighting & { readonly sighting: Sighting }

/** Listed presences that are not stored. */
function trackSightings(
  unknown: Differences['unknown'],
  stored: StoredByKey,
  { previous, isContinued }: SweepContext,
): TrackedSighting[] {
  const unknownRooms = new Set(unknown.flatMap(({ room_id, user_id }) => (user_id === undefined ? [room_id] : [])))
  return unknown.flatMap(({ user, ...presence }) => {
    const key = presenceKey(presence)
    const entry = stored.get(key)
    if (entry?.present) return []
    // The people of a room that is not open are as doubtful as the room.
    const room = unknownRooms.has(presence.room_id) ? stored.get(presenceKey({ room_id: presence.room_id })) : undefined
    const roomChangedAt = room === undefined || room.present ? 0 : room.changed_at
    const changed_at = Math.max(entry?.changed_at ?? 0, roomChangedAt)
    const before = previous.sightings.get(key)
    const isSame = before?.changed_at === changed_at
    const sighting = isSame ? before : { changed_at }
    return [{ presence, user, stored: entry, isConfirmed: isContinued && isSame, sighting }]
  })
}

function isSightingDue(
  { presence, user, stored, isConfirmed, sighting }: TrackedSighting,
  { startedAt, hash }: SweepContext,
): boolean {
  // A start must come after what is known, or it would change nothing.
  const quietSinceMs = startedAt - sighting.changed_at
  if (quietSinceMs <= 0 || (!isConfirmed && quietSinceMs < quietMs)) return false
  const { envelope } = presentCorrection(presence, { user, stored }, startedAt, hash)
  return !wasSent(sighting.sent, envelope.trace_id, startedAt)
}

function wasSent(sent: SentCorrection | undefined, traceId: string, startedAt: number): boolean {
  return sent?.trace_id === traceId && startedAt - sent.at < resendAfterMs
}
