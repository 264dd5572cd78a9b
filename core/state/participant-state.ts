import type { NewConnection } from './connections.ts'
import type { OffMemory } from './early-offs.ts'
import { type Media, noMedia } from './media.ts'
import type { PastSession, Session, SessionEnd } from './session.ts'

export type ParticipantState = Media & {
  readonly kind: 'participant'
  readonly user_name: string | null
  /** The current session or, after its end, the last one; null if the participant was never present. */
  readonly session: Session | null
} & Partial<SessionTrace> &
  Partial<OffMemory> &
  Partial<Alternatives>

/** What later events need to know about the session. Each part is absent unless it matters. */
type SessionTrace = {
  /** The newest connection of a present participant, if it replaced an older one. */
  readonly connection: NewConnection
  /** Whether no genuine event has confirmed the estimated start yet. */
  readonly unconfirmed: true
  /** ms: the first genuine event after an estimated start. A join within the tolerance after it still replaces the start. */
  readonly confirmed_at: number
}

/** What later events can still show to have been otherwise, with the state that then holds. */
export type Alternatives = {
  /** Newest first. A present participant has them after an estimated return. */
  readonly undecided_ends: readonly UndecidedEnd[]
  readonly early_media: EarlyMedia
  /** The sessions replaced while there were alternatives, oldest first: an alternative may have other ones. */
  readonly past_sessions: readonly PastSession[]
}

/** An end of the session that a later event may void. */
export type UndecidedEnd = {
  readonly end: SessionEnd
  /** Whether it came right after a new connection, so that media right after it void it. */
  readonly after_connection?: true
  /** The state as if this end had not come, without the undecided ends before it. */
  readonly if_void: ParticipantState
}

/** Media of a participant who was not in the room. They may have overtaken a join, to which they then belong. */
export type EarlyMedia = {
  readonly media: Media
  /** ms; the media began within the tolerance of each other. */
  readonly last_at: number
  readonly profile?: Profile
  /** The state as if the media had not come; absent if they changed nothing. */
  readonly if_joined?: ParticipantState
}

export type Profile = { readonly user_name?: string | undefined; readonly endpoint_type?: string | undefined }

/** Ends that can be undecided at the same time, of which at most one is genuine. Older ones become final. */
const maxUndecidedEnds = 3

export const initialState: ParticipantState = { kind: 'participant', user_name: null, session: null, ...noMedia }

export function isPresent({ session }: Pick<ParticipantState, 'session'>): boolean {
  return session !== null && session.end === null
}

export function omitEarlyMedia({ early_media: _, ...state }: ParticipantState): ParticipantState {
  return state
}

/** @param ends newest first. */
export function withUndecidedEnds(
  { undecided_ends: _, ...state }: ParticipantState,
  ends: readonly UndecidedEnd[],
): ParticipantState {
  if (ends.length === 0) return state
  const newestGenuine = ends.find(({ end }) => !end.estimated)
  const open = ends.filter((undecided) => undecided.end.estimated || undecided === newestGenuine)
  return { ...state, undecided_ends: open.slice(0, maxUndecidedEnds) }
}

/** Merges the user name and, in a session, the endpoint type. */
export function mergeProfile(state: ParticipantState, profile: Profile): ParticipantState {
  const { user_name = state.user_name, endpoint_type } = profile
  const named = { ...state, user_name }
  if (state.session === null || !isPresent(state) || endpoint_type === undefined) return named
  return { ...named, session: { ...state.session, endpoint_type } }
}
