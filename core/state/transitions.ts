import { connect, isWithinTolerance, toleranceMs } from './connections.ts'
import { mediaSince, noMedia } from './media.ts'
import { isPresent, type ParticipantState } from './participant-state.ts'
import type { Session, SessionEnd } from './session.ts'

// What can happen to the session of a participant (docs/contract.md, section 4). All times in ms.

export function startSession(
  { kind, user_name }: ParticipantState,
  start: Pick<Session, 'joined_at' | 'start_estimated'>,
): ParticipantState {
  const session: Session = { ...start, endpoint_type: null, reconnects: 0, end: null }
  return { kind, user_name, session, ...noMedia }
}

/** A genuine join replaces an estimated start. */
export function replaceStart(state: ParticipantState, joined_at: number): ParticipantState {
  if (state.session === null) return state
  return { ...omitConfirmation(state), session: { ...state.session, joined_at, start_estimated: false } }
}

/** A new connection: the media of the older one end, except those that may have overtaken the join. */
export function replaceConnection(state: ParticipantState, at: number): ParticipantState {
  const { kind, user_name, session, connection } = state
  if (session === null) return state
  return {
    kind,
    user_name,
    session: { ...session, reconnects: session.reconnects + 1 },
    connection: connect(connection, at),
    ...mediaSince(state, at - toleranceMs),
  }
}

export function endSession({ kind, user_name, session }: ParticipantState, end: SessionEnd): ParticipantState {
  return { kind, user_name, session: session && { ...session, end }, ...noMedia }
}

/** A genuine event at `at` during the session confirms an estimated start. */
export function confirm(state: ParticipantState, at: number): ParticipantState {
  const { unconfirmed, confirmed_at } = state
  if (!isPresent(state)) return state
  if (unconfirmed) return { ...omitConfirmation(state), confirmed_at: at }
  const isSettled = confirmed_at !== undefined && !isWithinTolerance(confirmed_at, at)
  return isSettled ? omitConfirmation(state) : state
}

/** Whether no genuine event has confirmed the estimated start, or only one that may have overtaken a join at `at`. */
export function canReplaceStart({ unconfirmed, confirmed_at }: ParticipantState, at: number): boolean {
  return unconfirmed === true || (confirmed_at !== undefined && isWithinTolerance(confirmed_at, at))
}

export function omitConfirmation({ unconfirmed: _, confirmed_at: _at, ...state }: ParticipantState): ParticipantState {
  return state
}
