import type { NorthboundEvent } from '../protocol/events.ts'
import type { ParticipantState } from '../state/participant.ts'
import type { RecordingState } from '../state/recording.ts'
import type { RoomState } from '../state/room.ts'
import type { Order, Page, PageRequest } from './page.ts'

export type RoomStatusFilter = 'open' | 'closed' | 'all'

/** A room in a list. `state` is undefined if only participants of the room are known. */
export type RoomSummary = {
  readonly room_id: string
  readonly state: Omit<RoomState, 'kind' | 'closes' | 'closes_cut'> | undefined
  /** ms: when each present participant joined. */
  readonly joined: readonly number[]
  /** ms; undefined if all events of the room have expired. */
  readonly last_event_at: number | undefined
}

export type RoomDetails = {
  readonly room: RoomState | undefined
  readonly participants: readonly { readonly user_id: string; readonly state: ParticipantState }[]
  readonly recordings: readonly RecordingState[]
  /** ms */
  readonly last_event_at: number | undefined
}

/** `quarantined`: why the event has no effect; undefined if it has. */
export type TimelineEntry = { readonly event: NorthboundEvent; readonly quarantined: string | undefined }

export interface RoomReader {
  /** @throws InvalidCursorError */
  listRooms(status: RoomStatusFilter, page: PageRequest, signal?: AbortSignal): Promise<Page<RoomSummary>>
  /** Counts open rooms and present participants. */
  countOpen(signal?: AbortSignal): Promise<{ readonly rooms: number; readonly participants: number }>
  readRoom(roomId: string, signal?: AbortSignal): Promise<RoomDetails>
  /** Reads the event log of a room. @throws InvalidCursorError */
  readTimeline(
    roomId: string,
    page: PageRequest & { readonly order: Order },
    signal?: AbortSignal,
  ): Promise<Page<TimelineEntry>>
}
