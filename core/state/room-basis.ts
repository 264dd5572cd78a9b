/**
 * What the state of a room depends on, besides its genuine events, so that a change of a participant shows whether the room
 * must be folded again. All times in ms.
 */
export type RoomBasis = {
  /** Sessions that began until then do not matter; absent if all do. */
  readonly since?: number
  /** The participant with whose session an inferred opening began. */
  readonly first_user_id?: string
  /** The end of the inferred opening, or the event that confirmed or closed it; absent while the opening is inferred. */
  readonly until?: number
  /** The estimated open that resumed the opening. */
  readonly resumed_at?: number
  /** The estimated start that a genuine open has replaced. */
  readonly estimated_start?: number
}
