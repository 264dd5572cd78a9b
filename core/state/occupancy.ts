import type { NorthboundEvent } from '../protocol/events.ts'
import { voidWindowMs } from './estimates.ts'
import type { ParticipantState } from './participant.ts'
import { findReplacedSessions } from './past-session.ts'
import type { Session } from './session.ts'

/** A session of a participant in a room. `left_at`: ms; null while the participant is present. */
export type Occupancy = { readonly user_id: string; readonly joined_at: number; readonly left_at: number | null }

/** A time in which people were in a room, with short interruptions at most. */
export type OccupiedPeriod = {
  /** The participant with whose session it began; of several, the one with the smallest id. */
  readonly first_user_id: string
  /** ms */
  readonly from: number
  /** ms; null if people are still present. */
  readonly until: number | null
}

export function occupancyOf(user_id: string, { joined_at, end }: Session): Occupancy {
  return { user_id, joined_at, left_at: end?.at ?? null }
}

/** Whether the session goes on after a close of the room at `closedAt` (ms): a person whom a sweep had removed has come back. */
export function outlasts({ joined_at, left_at }: Occupancy, closedAt: number): boolean {
  return joined_at <= closedAt && (left_at === null || left_at > closedAt)
}

/** A step of a participant's history. */
type ParticipantStep = {
  /** Undefined for a close of the room. */
  readonly event: NorthboundEvent | undefined
  readonly before: ParticipantState | undefined
  readonly after: ParticipantState
}

/** All sessions of a participant, given all steps of the history. */
export function collectOccupancies(user_id: string, steps: readonly ParticipantStep[]): Occupancy[] {
  const byStart = new Map<number, Session>()
  for (const { event, before, after } of steps) {
    if (event === undefined || before === undefined) continue
    for (const { joined_at, session } of findReplacedSessions(event, before, after)) {
      byStart.delete(joined_at)
      if (session !== null) byStart.set(joined_at, session)
    }
  }
  const last = steps.at(-1)?.after.session ?? null
  if (last !== null) byStart.set(last.joined_at, last)
  return [...byStart.values()].map((session) => occupancyOf(user_id, session))
}

/**
 * The periods in which people were in the room in these sessions, in order. When the last of them leaves, that is an estimated end, so a person who
 * comes soon enough continues the period (docs/contract.md, section 4, Room).
 */
export function occupiedPeriods(occupancies: readonly Occupancy[]): OccupiedPeriod[] {
  const sorted = occupancies.toSorted((a, b) => a.joined_at - b.joined_at || (a.user_id < b.user_id ? -1 : 1))
  const periods: OccupiedPeriod[] = []
  for (const { user_id, joined_at, left_at } of sorted) {
    const last = periods.at(-1)
    if (last === undefined || (last.until !== null && joined_at - last.until > voidWindowMs))
      periods.push({ first_user_id: user_id, from: joined_at, until: left_at })
    else periods[periods.length - 1] = { ...last, until: latest(last.until, left_at) }
  }
  return periods
}

function latest(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : Math.max(one, other)
}
