import type { Period } from '../ports/period.ts'
import { voidWindowMs } from '../state/estimates.ts'
import { type Occupancy, type OccupiedPeriod, occupiedPeriods } from '../state/occupancy.ts'
import type { OccupancyIndex } from '../state/occupancy-index.ts'
import { cutToInterval, sumMs } from './intervals.ts'
import type { Opening } from './openings.ts'

/** The longest pause within a meeting. ms */
const maxPauseMs = voidWindowMs

/** An occurrence of a room: an opening, or a part of one that has long pauses. */
export type Meeting = Opening & {
  /** Number of people who were there. */
  readonly people: number
  /** The most people at the same time. */
  readonly peak: number
  /** ms of all people together, cut to the meeting. */
  readonly personMs: number
}

/**
 * Divides an opening at its long pauses. An opening that was empty for more than 30 minutes, between people or since the last
 * of them left, is the opening of a room that stays open when it is empty: each time in which people were there is a meeting. The
 * first one begins with the open, and the last one ends with the close, if these are not further away (docs/contract.md, section 6).
 *
 * @param now ms since 1970
 */
export function splitOpening(opening: Opening, occupancies: OccupancyIndex, now: number): Opening[] {
  const periods = occupiedPeriods(cutOccupancies(occupancies, opening))
  const last = periods.at(-1)
  const isAbandoned = opening.closed_at === null && hasPause(last?.until ?? now, now)
  if (periods.length < 2 && !isAbandoned) return [opening]
  return periods.map((period) => ({
    ...(!hasPause(opening.opened_at, period.from) ? startOf(opening) : inferStart(period)),
    // `now` may be earlier than an event: the clocks of two functions differ.
    ...(period === last && !hasPause(period.until ?? now, opening.closed_at ?? now)
      ? endOf(opening)
      : inferEnd(period)),
  }))
}

function hasPause(from: number, until: number): boolean {
  return until - from > maxPauseMs
}

const startOf = ({ opened_at, opening_estimated }: Opening) => ({ opened_at, opening_estimated })

const inferStart = ({ from }: OccupiedPeriod) => ({ opened_at: from, opening_estimated: true })

const endOf = ({ closed_at, close_reason, closing_estimated }: Opening) => ({
  closed_at,
  close_reason,
  closing_estimated,
})

/** A room that is empty for long would have closed by itself if it did not stay open. */
const inferEnd = ({ until }: OccupiedPeriod) => ({ closed_at: until, close_reason: 'auto', closing_estimated: true })

/** @param now ms since 1970: until when a meeting counts that has not ended. */
export function measureMeeting(opening: Opening, occupancies: OccupancyIndex, now: number): Meeting {
  const present = cutOccupancies(occupancies, opening)
  const intervals = present.map(({ joined_at, left_at }) => ({ from: joined_at, to: left_at ?? now }))
  return {
    ...opening,
    people: new Set(present.map(({ user_id }) => user_id)).size,
    peak: countPeak(intervals),
    personMs: sumMs(intervals),
  }
}

/** The parts of sessions that are in the meeting. */
function cutOccupancies(occupancies: OccupancyIndex, { opened_at, closed_at }: Opening): Occupancy[] {
  const interval = { from: opened_at, to: closed_at ?? Number.POSITIVE_INFINITY }
  return occupancies.mayOverlap(interval.from, interval.to).flatMap(({ user_id, joined_at, left_at }) => {
    const part = cutToInterval({ from: joined_at, to: left_at ?? Number.POSITIVE_INFINITY }, interval)
    if (part === undefined) return []
    return [{ user_id, joined_at: part.from, left_at: Number.isFinite(part.to) ? part.to : null }]
  })
}

/** The most intervals at the same time. An interval without length counts if there is no other. */
function countPeak(intervals: readonly Period[]): number {
  const turns = intervals
    .filter(({ from, to }) => from < to)
    .flatMap(({ from, to }) => [
      { at: from, change: 1 },
      { at: to, change: -1 },
    ])
    .sort((one, other) => one.at - other.at || one.change - other.change)
  let count = 0
  let peak = Math.min(intervals.length, 1)
  for (const { change } of turns) {
    count += change
    peak = Math.max(peak, count)
  }
  return peak
}
