import type { RoomRecord } from '../ports/meeting-reader.ts'
import type { Period } from '../ports/period.ts'
import type { SessionRow } from '../ports/session-reader.ts'
import type { NorthboundEvent } from '../protocol/events.ts'
import { historyOf } from '../state/fold.ts'
import { findBeginning, isAnyInWindow } from '../state/fold-room.ts'
import { occupancyOf } from '../state/occupancy.ts'
import { OccupancyIndex } from '../state/occupancy-index.ts'
import { timeKey } from '../state/order.ts'
import { cutToInterval } from './intervals.ts'
import { splitOpening } from './meetings.ts'
import { listOpenings, type Opening } from './openings.ts'

/** The part of a room's history that decides about its openings in a period. */
export type PartialHistory = {
  /** In order. */
  readonly events: readonly NorthboundEvent[]
  /** ms: sessions that ended before do not matter. */
  readonly since: number
}

/** Drops what came before a genuine close that an open followed before the period: it does not matter any more. */
export function selectHistory({ events }: RoomRecord, { from }: Period): PartialHistory {
  const turns = historyOf(events).filter(({ data }) => data.event === 'open' || data.event === 'close')
  const beginning = findBeginning(turns.filter(({ received_at }) => received_at <= from))
  if (beginning < 1) return { events: turns, since: 0 }
  return { events: turns.slice(beginning - 1), since: turns[beginning - 1]?.received_at ?? 0 }
}

export type MeetingSources = {
  readonly record: RoomRecord
  readonly history: PartialHistory
  /** The sessions that ended at `history.since` or later, in any order. */
  readonly sessions: readonly SessionRow[]
  /** ms since 1970 */
  readonly now: number
}

/**
 * Lists the meetings of a room that overlap a period, oldest first, without their people (docs/decisions/0050).
 *
 * The last opening is the one of the stored state. For earlier ones, what happened within a window is only known from the starts
 * and ends of sessions.
 */
export function listMeetings(
  { record, history, sessions, now }: MeetingSources,
  occupancies: OccupancyIndex,
  period: Period,
): Opening[] {
  const listing = listOpenings({ events: history.events, occupancies })
  let result = listing.next()
  // Most rooms have no window.
  const activity = result.done ? [] : listActivity(sessions)
  while (!result.done) result = listing.next(isAnyInWindow(activity, result.value))
  return endWithStored(result.value, record)
    .filter((opening) => overlaps(opening, period, now))
    .flatMap((opening) => splitOpening(opening, occupancies, now))
    .filter((meeting) => overlaps(meeting, period, now))
}

export function indexOccupancies(sessions: readonly SessionRow[]): OccupancyIndex {
  return new OccupancyIndex(sessions.map(({ user_id, session }) => occupancyOf(user_id, session)))
}

/**
 * When a session began or ended by an event that was reported: the beginnings of order keys, sorted. Nothing else happens in the
 * millisecond with which a window begins.
 */
function listActivity(sessions: readonly SessionRow[]): string[] {
  const times = sessions.flatMap(({ session: { joined_at, start_estimated, end } }) => [
    ...(start_estimated ? [] : [joined_at]),
    ...(end === null || end.estimated || end.reason === 'room_closed' ? [] : [end.at]),
  ])
  return times.sort((one, other) => one - other).map(timeKey)
}

/** The stored state shows the last opening, and has taken everything into account. */
function endWithStored(openings: readonly Opening[], { room }: RoomRecord): Opening[] {
  if (room === undefined || room.opened_at === null) return [...openings]
  const { opened_at, closed_at, close_reason, opening_estimated, closing_estimated } = room
  const stored = { opened_at, closed_at, close_reason, opening_estimated, closing_estimated }
  const isEarlier = (opening: Opening) =>
    opening.opened_at < opened_at && opening.closed_at !== null && opening.closed_at <= opened_at
  const earlier = openings.filter(isEarlier)
  return [...earlier, stored]
}

function overlaps({ opened_at, closed_at }: Opening, period: Period, now: number): boolean {
  return opened_at < period.to && cutToInterval({ from: opened_at, to: closed_at ?? now }, period) !== undefined
}
