/** An open room (without `user_id`), or a participant present in a room. */
export type Presence = { readonly room_id: string; readonly user_id?: string | undefined }

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

/** How long a presence has been missing from the platform's list. */
export type Absence = {
  /** ms: start of the first sweep that did not find it. */
  readonly since: number
  /** Number of sweeps in a row that did not find it. */
  readonly sweeps: number
}

/** The absences by `presenceKey`, handed from one sweep to the next. */
export type AbsenceTracker = ReadonlyMap<string, Absence>

export const noAbsences: AbsenceTracker = new Map()

export function presenceKey({ room_id, user_id }: Presence): string {
  return JSON.stringify(user_id === undefined ? [room_id] : [room_id, user_id])
}
