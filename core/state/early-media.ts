import { findVoidEnd, hasOvertaken, type Occurrence } from './alternatives.ts'
import { addMedia, type Media, noMedia, removeMedia } from './media.ts'
import {
  type EarlyMedia,
  isPresent,
  mergeProfile,
  omitEarlyMedia,
  type ParticipantState,
  type Profile,
} from './participant-state.ts'

// Media of a participant who is not in the room may have overtaken a join. Until the tolerance is over, the state keeps them, and
// the state as if they had not come (docs/contract.md, section 4).

/** Adds the media that belong to a join, and what it does not say itself about the profile. @param sent the join's profile. */
export function addEarlyMedia(
  joined: ParticipantState,
  { media, profile = {} }: EarlyMedia,
  { user_name = profile.user_name, endpoint_type = profile.endpoint_type }: Profile,
): ParticipantState {
  return mergeProfile({ ...joined, ...addMedia(joined, media) }, { user_name, endpoint_type })
}

/**
 * The early media after a publish or sub that switches on `media`, or undefined.
 *
 * @param before the state before the event. @param after the state after it.
 */
export function extendEarlyMedia(
  before: ParticipantState,
  occurrence: Occurrence,
  media: Media,
  after: ParticipantState,
): EarlyMedia | undefined {
  const { data, at } = occurrence
  const known = hasOvertaken(before, at) ? before.early_media : undefined
  if (known === undefined && isPresent(before)) return undefined
  // The leave before was the older connection's. If the participant left all the same, the media are early in that state.
  if (isVoidLeave(before, occurrence)) return after.early_media
  const isFirstEffect = !isPresent(before) && before.session !== after.session
  const if_joined = known?.if_joined ?? (isFirstEffect ? omitEarlyMedia(before) : undefined)
  const extended: EarlyMedia = {
    ...known,
    media: addMedia(known?.media ?? noMedia, media),
    last_at: at,
    ...(if_joined && { if_joined }),
  }
  return data.event === 'publish' ? withProfile(extended, data) : extended
}

/** The early media after any event but a publish, a sub or a genuine join. */
export function carryEarlyMedia(early: EarlyMedia, { data }: Occurrence): EarlyMedia {
  if (data.event === 'unpublish') return { ...early, media: removeMedia(early.media, 'streams', data) }
  if (data.event === 'unsub') return { ...early, media: removeMedia(early.media, 'subscriptions', data) }
  if (data.event === 'update') return withProfile(early, data)
  return early
}

function withProfile(early: EarlyMedia, sent: Profile): EarlyMedia {
  const { user_name = early.profile?.user_name, endpoint_type = early.profile?.endpoint_type } = sent
  if (user_name === undefined && endpoint_type === undefined) return early
  return { ...early, profile: { user_name, endpoint_type } }
}

/** Whether the event shows the genuine end of the session to be void. */
function isVoidLeave(state: ParticipantState, occurrence: Occurrence): boolean {
  return findVoidEnd(state, occurrence)?.end.estimated === false
}
