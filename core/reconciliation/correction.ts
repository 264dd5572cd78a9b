import type { Envelope } from '../protocol/envelope.ts'
import { nameRoomEvent } from '../protocol/events.ts'
import type { ObservedUser } from './compare.ts'
import { type Presence, presenceKey, type StoredPresence } from './presence.ts'

/** A correction that is due. */
export type Correction = {
  /** `presenceKey` of what it corrects. */
  readonly key: string
  readonly envelope: Envelope
}

/** Derives a short text from a long one. */
export type Hash = (text: string) => string

/**
 * The event with which a room or participant that the platform does not list ends.
 *
 * @param at ms: the time of the event.
 */
export function absentCorrection({ presence, session_ref }: StoredPresence, at: number, hash: Hash): Correction {
  const { room_id, user_id } = presence
  const params =
    user_id === undefined
      ? { event: 'close', room_id, event_type: 'reconciled' }
      : { event: 'leave', room_id, user_id, event_type: 'reconciled' }
  return toCorrection(presence, params, { at, sessionRef: session_ref, hash })
}

/**
 * The event with which a room or participant that only the platform knows begins.
 *
 * @param at ms: the time of the event.
 * @param stored what is stored about it; undefined if it is unknown.
 */
export function presentCorrection(
  presence: Presence,
  { user, stored }: { readonly user: ObservedUser | undefined; readonly stored: StoredPresence | undefined },
  at: number,
  hash: Hash,
): Correction {
  const { room_id, user_id } = presence
  const context = { at, sessionRef: stored?.session_ref ?? '', hash }
  if (user_id === undefined) return toCorrection(presence, { event: 'open', room_id }, context)
  const { user_name, endpoint_type } = user ?? {}
  const params = {
    event: 'join',
    room_id,
    user_id,
    event_type: 'normal',
    ...(user_name === undefined ? {} : { user_name }),
    ...(endpoint_type === undefined ? {} : { endpoint_type }),
  }
  return toCorrection(presence, params, context)
}

/** The event with which an open room gets the name that the platform lists. @param at ms: the time of the event. */
export function nameCorrection(
  { presence, session_ref }: StoredPresence,
  room_name: string,
  at: number,
  hash: Hash,
): Correction {
  const params = { event: nameRoomEvent, room_id: presence.room_id, room_name }
  return toCorrection(presence, params, { at, sessionRef: `${session_ref} ${room_name}`, hash })
}

/**
 * The `trace_id` follows from what was known when the correction was decided. A decision that is repeated while nothing
 * changed is the same event; one after a change is another event.
 */
function toCorrection(
  presence: Presence,
  params: Readonly<Record<string, string>> & { readonly event: string },
  { at, sessionRef, hash }: { readonly at: number; readonly sessionRef: string; readonly hash: Hash },
): Correction {
  const identity = [params.event, presence.room_id, presence.user_id ?? '', sessionRef]
  const trace_id = `reconcile-${hash(JSON.stringify(identity))}`
  const envelope: Envelope = { trace_id, received_at: at, source: 'reconcile', params: { ...params, trace_id } }
  return { key: presenceKey(presence), envelope }
}
