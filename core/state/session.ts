import type { Period } from '../ports/period.ts'

export type SessionEnd = {
  /** ms */
  readonly at: number
  readonly reason: string
  readonly estimated: boolean
}

/** The time that a participant spends in a room, from join to leave. */
export type Session = {
  /** ms */
  readonly joined_at: number
  readonly start_estimated: boolean
  readonly endpoint_type: string | null
  /** Number of new connections that replaced an older one. */
  readonly reconnects: number
  readonly end: SessionEnd | null
}

/** A session followed by another session of the same participant. */
export type PastSession = Session & {
  readonly end: SessionEnd
  /** The name that the participant used in this session. */
  readonly user_name: string | null
}

/** Whether part of a session is in an interval. A session that ended in the millisecond in which it began is as long as that. */
export function overlaps({ joined_at, end }: Session, { from, to }: Period): boolean {
  if (joined_at >= to) return false
  return end === null || end.at > from || (end.at === from && joined_at >= from)
}
