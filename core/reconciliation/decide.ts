import type { Assessment, DueAbsence } from './assess.ts'
import { absentCorrection, type Correction, type Hash, presentCorrection } from './correction.ts'
import type { Absence, SentCorrection, SweepFindings } from './findings.ts'
import { presenceKey } from './presence.ts'

/** What is read only if something is due. */
export type Evidence = {
  /** ms: the last event of the room or of anybody in it, for each room of `roomsToClose`. */
  readonly lastEvents: ReadonlyMap<string, number>
  /** Messages of the event queue that have not been received yet: see `needsQueueLength`. */
  readonly visibleMessages: number
}

export type Decision = {
  /** In the order in which they are sent: a close would end sessions whose leaves come after it. */
  readonly corrections: readonly Correction[]
  readonly findings: SweepFindings
}

/** Genuine events about an unknown presence may be among so many messages. */
export const maxVisibleMessages = 100
/** Reading the last event of a room takes a request for each of its partitions. The next sweep closes the others. */
const maxClosesPerSweep = 500
/** A missing presence ended on average half the time between two sweeps before the first one without it. ms. */
const endedBeforeMs = 30_000

/** The rooms that this sweep may close: their last events must be read. */
export function roomsToClose({ dueAbsences }: Assessment): string[] {
  return dueAbsences
    .flatMap(({ stored: { presence } }) => (presence.user_id === undefined ? [presence.room_id] : []))
    .slice(0, maxClosesPerSweep)
}

/** Whether the decision depends on the length of the event queue. */
export function needsQueueLength({ dueSightings }: Assessment): boolean {
  return dueSightings.some(({ isConfirmed }) => !isConfirmed)
}

/** Whether so many messages wait that the stored state may lack genuine events. */
export function isBacklogged({ visibleMessages }: Pick<Evidence, 'visibleMessages'>): boolean {
  return visibleMessages > maxVisibleMessages
}

/**
 * Decides the corrections of a sweep (docs/contract.md, section 5).
 *
 * A start counts from the start of the sweep. An end counts from the last event, or from 30 s before the first sweep without the
 * presence, whichever is later.
 */
export function decideCorrections(assessment: Assessment, evidence: Evidence, hash: Hash): Decision {
  const { startedAt, dueSightings, findings } = assessment
  const starts = dueSightings
    .filter(({ isConfirmed }) => isConfirmed || !isBacklogged(evidence))
    .map(({ presence, user, stored }) => presentCorrection(presence, { user, stored }, startedAt, hash))
  const leaves = assessment.dueAbsences.filter(({ stored: { presence } }) => presence.user_id !== undefined)
  const closes = assessment.dueAbsences.flatMap((due) => addLastEvent(due, evidence))
  const isActive = ({ stored, absence }: DueAbsence) => stored.changed_at > absence.since
  const ends = [...leaves, ...closes.filter((due) => !isActive(due))].map(({ stored, absence }) =>
    absentCorrection(stored, Math.max(stored.changed_at, absence.first_at - endedBeforeMs), hash),
  )
  const restarted = closes.filter(isActive).map(({ stored }) => presenceKey(stored.presence))
  return { corrections: [...starts, ...ends], findings: restartAbsences(findings, restarted, startedAt) }
}

/** A room with the last event of anybody in it, including people who have left. Empty unless that was read. */
function addLastEvent({ stored, absence }: DueAbsence, { lastEvents }: Evidence): DueAbsence[] {
  const { presence, changed_at } = stored
  const lastEventAt = presence.user_id === undefined ? lastEvents.get(presence.room_id) : undefined
  if (lastEventAt === undefined) return []
  return [{ stored: { ...stored, changed_at: Math.max(changed_at, lastEventAt) }, absence }]
}

function restartAbsences(findings: SweepFindings, keys: readonly string[], startedAt: number): SweepFindings {
  if (keys.length === 0) return findings
  const restarted: [string, Absence][] = keys.map((key) => [key, { first_at: startedAt, since: startedAt }])
  return { ...findings, absences: new Map([...findings.absences, ...restarted]) }
}

/** Remembers the corrections that the queue has accepted. @param at ms: start of the sweep. */
export function rememberSent(findings: SweepFindings, corrections: readonly Correction[], at: number): SweepFindings {
  const absences = new Map(findings.absences)
  const sightings = new Map(findings.sightings)
  for (const { key, envelope } of corrections) {
    const sent: SentCorrection = { trace_id: envelope.trace_id, at }
    const absence = absences.get(key)
    if (absence !== undefined) absences.set(key, { ...absence, sent })
    const sighting = sightings.get(key)
    if (sighting !== undefined) sightings.set(key, { ...sighting, sent })
  }
  return { ...findings, absences, sightings }
}
