import type { Period } from '../ports/period.ts'
import type { SessionRow } from '../ports/session-reader.ts'
import { cutToInterval, sumMs, unite } from './intervals.ts'

/** The sessions of one person in an interval, taken together. Times in ms. */
export type Attendance = {
  readonly user_id: string
  /** The name in the latest session that has one. */
  readonly user_name: string | null
  /** The start of the first session, which can be before the interval. */
  readonly first_joined_at: number
  /** The end of the last session, which can be after the interval; null while the person is in the room. */
  readonly last_left_at: number | null
  /** ms: the union of the sessions, cut to the interval. */
  readonly presentMs: number
  readonly sessions: number
  readonly reconnects: number
  /** Each once, in the order of use. */
  readonly endpoint_types: readonly string[]
  /** Whether a start or an end is estimated. */
  readonly estimated: boolean
}

/**
 * Sums up who was in a room in an interval, sorted by the first join and then by user id (docs/contract.md, section 6).
 *
 * @param rows sessions of the room in any order. Those outside the interval do not count.
 * @param now ms since 1970: until when people count who are in the room, if the interval does not end earlier.
 */
export function summarizeAttendance(rows: readonly SessionRow[], interval: Period, now: number): Attendance[] {
  const present = rows.flatMap((row) => {
    const part = cutToInterval({ from: row.session.joined_at, to: row.session.end?.at ?? now }, interval)
    return part === undefined || part.from === interval.to ? [] : [{ row, part }]
  })
  return [...Map.groupBy(present, ({ row }) => row.user_id).values()].map(summarize).sort(compareAttendance)
}

type PresentRow = { readonly row: SessionRow; readonly part: Period }

function summarize(all: readonly PresentRow[]): Attendance {
  const sorted = all.toSorted((one, other) => one.row.session.joined_at - other.row.session.joined_at)
  const rows = sorted.map(({ row }) => row)
  const sessions = rows.map(({ session }) => session)
  const ends = sessions.map(({ end }) => end?.at ?? null)
  return {
    user_id: rows[0]?.user_id ?? '',
    user_name: rows.findLast(({ user_name }) => user_name !== null)?.user_name ?? null,
    first_joined_at: sessions[0]?.joined_at ?? 0,
    last_left_at: ends.reduce(
      (last, end) => (last === null || end === null ? null : Math.max(last, end)),
      ends[0] ?? null,
    ),
    presentMs: sumMs(unite(sorted.map(({ part }) => part))),
    sessions: sessions.length,
    reconnects: sessions.reduce((sum, { reconnects }) => sum + reconnects, 0),
    endpoint_types: [...new Set(sessions.flatMap(({ endpoint_type }) => endpoint_type ?? []))],
    estimated: sessions.some(({ start_estimated, end }) => start_estimated || end?.estimated === true),
  }
}

type Place = Pick<Attendance, 'first_joined_at' | 'user_id'>

/** Compares by the first join, then by user id. */
export function compareAttendance(one: Place, other: Place): number {
  return (
    one.first_joined_at - other.first_joined_at ||
    (one.user_id < other.user_id ? -1 : one.user_id > other.user_id ? 1 : 0)
  )
}
