import type { SessionEnd } from './session.ts'

// A participant has one session, but can have several connections in it: a second device, or a client that reconnects. The
// wire names no connection, so the rules below decide which one a leave belongs to (docs/contract.md, section 4). All times
// in ms.

/** The newest connection of a session, if it replaced an older one. */
export type NewConnection = {
  readonly at: number
  /** The latest new connections whose older connection has not been kicked yet, oldest first. */
  readonly awaiting_kick: readonly number[]
}

/** Events of one participant within this time may have overtaken each other. */
export const toleranceMs = 5_000
/** A `client_kick` within this time after a new connection ended the older one. */
const kickWindowMs = 10_000
/** An `offline` within this time after a new connection is the heartbeat timeout of the older one. */
const heartbeatWindowMs = 60_000
/** More connections can hardly begin within the kick window. */
const maxAwaitingKick = 32

/** Whether an event at `at` may have been overtaken by one at `earlier`. */
export function isWithinTolerance(earlier: number, at: number): boolean {
  return at - earlier <= toleranceMs
}

export function connect(before: NewConnection | undefined, at: number): NewConnection {
  const awaiting = [...(before?.awaiting_kick ?? []).filter((since) => at - since <= kickWindowMs), at]
  return { at, awaiting_kick: awaiting.slice(-maxAwaitingKick) }
}

export type LeaveEffect = 'ends_session' | 'absorbs_kick' | 'ignored'

/** Decides what a genuine leave during a session does. */
export function effectOfLeave(connection: NewConnection | undefined, reason: string, at: number): LeaveEffect {
  if (connection === undefined) return 'ends_session'
  if (reason === 'client_kick' && connection.awaiting_kick.some((since) => at - since <= kickWindowMs))
    return 'absorbs_kick'
  if (reason === 'offline' && at - connection.at <= heartbeatWindowMs) return 'ignored'
  return 'ends_session'
}

/** The kick ends the older connection of the earliest new connection that still awaits one. */
export function absorbKick(connection: NewConnection, at: number): NewConnection {
  const awaiting = connection.awaiting_kick.filter((since) => at - since <= kickWindowMs)
  return { ...connection, awaiting_kick: awaiting.slice(1) }
}

/** Whether a join at `at` is the new connection that kicked the older one just before. */
export function isKickBeforeJoin(end: SessionEnd, at: number): boolean {
  return end.reason === 'client_kick' && !end.estimated && isWithinTolerance(end.at, at)
}

/** Whether media right after this genuine leave will show that it belonged to the older connection. */
export function isRightAfterConnection(connection: NewConnection | undefined, leftAt: number): boolean {
  return connection !== undefined && isWithinTolerance(connection.at, leftAt)
}
