/** What the board shows now. `opened_at`: ms since 1970; null if it is not known. */
export type OpenRooms = {
  readonly rooms: readonly { readonly room_id: string; readonly opened_at: number | null }[]
  readonly present: readonly { readonly room_id: string; readonly user_id: string }[]
}

export interface OpenRoomsReader {
  /** Reads all open rooms and the participants present in them, in any order. */
  readOpenRooms(signal?: AbortSignal): Promise<OpenRooms>
}
