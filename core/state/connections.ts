import type { SessionEnd } from './session.ts'

// A participant has one session, but can have several connections in it: a second device, or a client that reconnects. The
// wire names no connection, so the rules below decide which one a leave belongs to (docs/contract.md, section 4).

/** The newest connection of a session, if it replaced an older one. */
export type NewConnection = {
  /** ms */
  readonly at: number
  /** Whether the kick of the older connection has been received. */
  readonly kick_absorbed: boolean
}

/** ms within which events of one participant may have overtaken each other. */
export const toleranceMs = 5_000
/** ms after a new connection within which a `client_kick` ended the older one. */
const kickWindowMs = 10_000
/** ms after a new connection within which an `offline` is the heartbeat timeout of the older one. */
const heartbeatWindowMs = 60_000

export type LeaveEffect = 'ends_session' | 'absorbs_kick' | 'ignored'

/** Decides what a genuine leave during a session does. @param at ms. */
export function effectOfLeave(connection: NewConnection | undefined, reason: string, at: number): LeaveEffect {
  if (connection === undefined) return 'ends_session'
  const age = at - connection.at
  if (reason === 'client_kick' && age <= kickWindowMs && !connection.kick_absorbed) return 'absorbs_kick'
  if (reason === 'offline' && age <= heartbeatWindowMs) return 'ignored'
  return 'ends_session'
}

/** Whether a join right after this end is the new connection that kicked the older one. @param at ms of the join. */
export function isKickBeforeJoin(end: SessionEnd, at: number): boolean {
  return end.reason === 'client_kick' && !end.estimated && at - end.at <= toleranceMs
}

/**
 * Whether media that begin at `at` (ms) show that the leave belonged to the older connection: it came right after a new
 * connection, and the media right after it.
 */
export function isOlderConnectionsLeave(connection: NewConnection | undefined, end: SessionEnd, at: number): boolean {
  if (connection === undefined || end.estimated || end.reason === 'room_closed') return false
  return end.at - connection.at <= toleranceMs && at - end.at <= toleranceMs
}

/** Whether media must be kept after this end, because a later event may show that the session continues. */
export function mayContinue(connection: NewConnection | undefined, end: SessionEnd): boolean {
  return isKickBeforeJoin(end, end.at) || isOlderConnectionsLeave(connection, end, end.at)
}
