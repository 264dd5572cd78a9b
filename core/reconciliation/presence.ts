import { lastChangeTime, type Projection } from '../projection/projection.ts'
import { isPresent } from '../state/participant.ts'

/** An open room (without `user_id`), or a participant present in a room. */
export type Presence = { readonly room_id: string; readonly user_id?: string | undefined }

/** A presence as the listing has it. A room has the name that is stored. */
export type ListedPresence = Presence & { readonly name?: string | undefined }

/** What is stored about one presence. */
export type StoredPresence = {
  readonly presence: Presence
  /** Whether the room is open, or the participant is in it. */
  readonly present: boolean
  /** ms of the last event about it; 0 if there was none. */
  readonly changed_at: number
  /** Identifies the current opening or session (or else the last one), and its latest change. */
  readonly session_ref: string
}

export function presenceKey({ room_id, user_id }: Presence): string {
  return JSON.stringify(user_id === undefined ? [room_id] : [room_id, user_id])
}

/** What a projection says about a presence; undefined if it has no state. */
export function toStoredPresence(
  { room_id, user_id }: Presence,
  projection: Pick<Projection, 'state' | 'watermark'>,
): StoredPresence | undefined {
  const presence = user_id === undefined ? { room_id } : { room_id, user_id }
  const { state, watermark } = projection
  const changed_at = lastChangeTime(projection)
  if (state?.kind === 'room') {
    const { status, opened_at, closed_at } = state
    const session_ref = `${opened_at} ${closed_at} ${watermark}`
    return { presence, present: status === 'open', changed_at, session_ref }
  }
  if (state?.kind !== 'participant') return undefined
  const { session } = state
  const session_ref = `${session?.joined_at} ${session?.end?.at} ${watermark}`
  return { presence, present: isPresent(state), changed_at, session_ref }
}
