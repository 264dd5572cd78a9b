import type { GroundTruth, Interval } from '@northbound/avd-simulator'
import { subtract, totalMs, unite } from './intervals.ts'
import { mediumKey, presenceKey, type TruthReceiver } from './receiver.ts'

/** How wrong a receiver was, in % of what is true. */
export type TruthScore = {
  /** Person-minutes of the settled sessions in which the person was not in the room. */
  readonly ghost: number
  /** Person-minutes in the room that no settled session covers. */
  readonly missing: number
  /** Ghost and missing person-minutes of the live view: what a query would have returned at each moment. */
  readonly liveGhost: number
  readonly liveMissing: number
  /** Persons of a room whose total time is wrong by more than 30 s, of all persons of all rooms. */
  readonly attendance: number
  /** Minutes for which a stream or subscription was wrongly on or off at the time. */
  readonly media: number
  /** Settled sessions that have no true one, or that split one, of all true sessions. */
  readonly falseSessions: number
}

type IntervalsByKey = ReadonlyMap<string, readonly Interval[]>

const attendanceToleranceMs = 30_000

/** Compares a receiver with the truth, after the trace was played to it. @param endAt ms: end of the trace */
export function score(receiver: TruthReceiver, truth: GroundTruth, endAt: number): TruthScore {
  const presences = groupIntervals(truth.presences, presenceKey)
  const settled = receiver.settledSessions(endAt)
  const personMs = totalOf(presences)
  const live = receiver.live.presences.finish(endAt)
  const trueMedia = groupIntervals(truth.media, mediumKey)
  const shownMedia = receiver.live.media.finish(endAt)
  const mediaErrorMs = totalOf(difference(shownMedia, trueMedia)) + totalOf(difference(trueMedia, shownMedia))
  const sessionCount = truth.presences.length
  return {
    ghost: percent(totalOf(difference(settled, presences)), personMs),
    missing: percent(totalOf(difference(presences, settled)), personMs),
    liveGhost: percent(totalOf(difference(live, presences)), personMs),
    liveMissing: percent(totalOf(difference(presences, live)), personMs),
    attendance: percent(countWrongAttendance(settled, presences), presences.size),
    media: percent(mediaErrorMs, totalOf(trueMedia)),
    falseSessions: percent(countFalseSessions(settled, presences), sessionCount),
  }
}

export function groupIntervals<Item extends Interval>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
): IntervalsByKey {
  return Map.groupBy(items, keyOf)
}

/** The parts of `one` that are not in `other`, by key. */
export function difference(one: IntervalsByKey, other: IntervalsByKey): Map<string, Interval[]> {
  return new Map([...one].map(([key, intervals]) => [key, subtract(unite(intervals), unite(other.get(key) ?? []))]))
}

function totalOf(intervals: IntervalsByKey): number {
  return intervals.values().reduce((sum, list) => sum + totalMs(list), 0)
}

function countWrongAttendance(settled: IntervalsByKey, truth: IntervalsByKey): number {
  const keys = [...new Set([...settled.keys(), ...truth.keys()])]
  const timeOf = (intervals: IntervalsByKey, key: string) => totalMs(unite(intervals.get(key) ?? []))
  return keys.filter((key) => Math.abs(timeOf(settled, key) - timeOf(truth, key)) > attendanceToleranceMs).length
}

/** Counts the sessions beyond the first one that overlaps each true session. */
function countFalseSessions(settled: IntervalsByKey, truth: IntervalsByKey): number {
  let count = 0
  for (const [key, sessions] of settled) {
    const unmatched = new Set(truth.get(key) ?? [])
    for (const session of sessions.toSorted((a, b) => a.from - b.from)) {
      const overlapping = unmatched
        .values()
        .filter(({ from, to }) => from < session.to && session.from < to)
        .toArray()
      if (overlapping.length === 0) count++
      for (const interval of overlapping) unmatched.delete(interval)
    }
  }
  return count
}

function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : (100 * part) / whole
}
