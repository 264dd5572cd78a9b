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
