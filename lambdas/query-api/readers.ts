import type { NorthboundEvent } from '../../core/protocol/events.ts'
import type { ParticipantState } from '../../core/state/participant.ts'
import type { RecordingState } from '../../core/state/recording.ts'
import type { RoomState } from '../../core/state/room.ts'

export type RoomStatus = 'open' | 'closed' | 'all'

export type Page<Item> = { readonly items: readonly Item[]; readonly cursor: string | null }

export type PageRequest = { readonly limit: number; readonly cursor: string | null }

/** What is stored of one room. `state` is undefined where only the people in it are known. */
export type RoomSummary = {
  readonly room_id: string
  readonly state: Omit<RoomState, 'kind' | 'closes' | 'closes_cut'> | undefined
  /** When each of the people now in it joined, in ms. */
  readonly joined: readonly number[]
  /** ms; undefined where the log has nothing of the room any more. */
  readonly last_event_at: number | undefined
}

export type WholeRoom = {
  readonly room: RoomState | undefined
  readonly participants: readonly { readonly user_id: string; readonly state: ParticipantState }[]
  readonly recordings: readonly RecordingState[]
  /** ms */
  readonly last_event_at: number | undefined
}

export type TimelineEntry = { readonly event: NorthboundEvent; readonly quarantined: string | undefined }

export interface RoomReader {
  /** @throws BadCursor */
  listRooms(status: RoomStatus, page: PageRequest): Promise<Page<RoomSummary>>
  readRoom(roomId: string): Promise<WholeRoom>
  /** The log of a room, oldest first. @throws BadCursor */
  readTimeline(roomId: string, page: PageRequest): Promise<Page<TimelineEntry>>
}

/** The cursor was not one of ours. */
export class BadCursor extends Error {
  override name = 'BadCursor'
}
