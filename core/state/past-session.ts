import type { NorthboundEvent } from '../protocol/events.ts'
import { decideAlternatives, occurrenceOf } from './alternatives.ts'
import type { ParticipantState } from './participant-state.ts'
import type { PastSession, Session } from './session.ts'

/** More sessions can hardly be replaced while something is undecided. */
const maxPastSessions = 8

/** A change of the past session that began at `joined_at` (ms). Null removes it. */
export type PastSessionChange = { readonly joined_at: number; readonly session: PastSession | null }

/** The sessions that an event replaced, and those that it showed to be none or to be otherwise. All of one participant. */
export function findReplacedSessions(
  event: NorthboundEvent,
  before: ParticipantState,
  after: ParticipantState,
): PastSessionChange[] {
  const decided = decideAlternatives(before, occurrenceOf(event))
  const changes = decided === before ? [] : diffPastSessions(before.past_sessions ?? [], decided.past_sessions ?? [])
  const replaced = replacedSession(decided, after.session)
  return replaced === undefined ? changes : [...changes, { joined_at: replaced.joined_at, session: replaced }]
}

/** Adds the session that `after` replaces, if any, to the past sessions of the state before. */
export function addPastSession(before: ParticipantState, after: ParticipantState): ParticipantState {
  const { past_sessions = [] } = before
  const replaced = replacedSession(before, after.session)
  const sessions = replaced === undefined ? past_sessions : [...past_sessions, replaced].slice(-maxPastSessions)
  return sessions.length === 0 ? after : { ...after, past_sessions: sessions }
}

function replacedSession({ session, user_name }: ParticipantState, next: Session | null): PastSession | undefined {
  if (session === null || session.end === null || session.joined_at === next?.joined_at) return undefined
  return { ...session, end: session.end, user_name }
}

/** The changes that turn the past sessions of one state into those of its alternative. */
function diffPastSessions(before: readonly PastSession[], alternative: readonly PastSession[]): PastSessionChange[] {
  const texts = new Set(before.map((session) => JSON.stringify(session)))
  const starts = new Set(alternative.map(({ joined_at }) => joined_at))
  return [
    ...before.filter(({ joined_at }) => !starts.has(joined_at)).map(({ joined_at }) => ({ joined_at, session: null })),
    ...alternative
      .filter((session) => !texts.has(JSON.stringify(session)))
      .map((session) => ({ joined_at: session.joined_at, session })),
  ]
}
