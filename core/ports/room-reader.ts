import type { NorthboundEvent } from '../protocol/events.ts'
import type { ParticipantState } from '../state/participant.ts'
import type { Recording } from '../state/recording.ts'
import type { RoomState } from '../state/room.ts'
import type { Order, Page, PageRequest } from './page.ts'
import type { Period } from './period.ts'

export type RoomStatusFilter = 'open' | 'closed' | 'all'

/** A page of rooms can have fewer than `limit`, or none, and not be the last. */
export type RoomListRequest = PageRequest & {
  /** In which open rooms were opened, and closed ones were closed; all time by default. */
  readonly period?: Period | undefined
  /** A part of the name or the id. */
  readonly q?: string | undefined
}

/** A room in a list. */
export type RoomSummary = {
  readonly room_id: string
  readonly state: Omit<RoomState, 'kind' | 'basis' | 'closes' | 'closes_cut'>
  /** ms: when each present participant joined. */
  readonly joined: readonly number[]
}

export type ParticipantRow = { readonly user_id: string; readonly state: ParticipantState }

export type RoomPageRequest = PageRequest & {
  readonly presentOnly: boolean
  /** Bytes of the participants as JSON after which a page ends, even if it has fewer than `limit`. */
  readonly maxBytes: number
}

/** A room with a page of its participants: present ones first, then those who left. */
export type RoomDetails = {
  readonly room: RoomState | undefined
  /** ms: when each present participant joined, whether on this page or not. */
  readonly joined: readonly number[]
  /** Users who were never in the room are omitted. A page may have fewer than `limit` and not be the last. */
  readonly participants: readonly ParticipantRow[]
  /** In any order; empty on all pages but the first. */
  readonly recordings: readonly Recording[]
  readonly cursor: string | null
}

/** `quarantined`: why the event has no effect; undefined if it has. */
export type TimelineEntry = { readonly event: NorthboundEvent; readonly quarantined: string | undefined }

/** By time of receipt; `period` is all time by default. */
export type TimelineRequest = PageRequest & { readonly order: Order; readonly period?: Period | undefined }

/** Optionally only the events of a participant, or of one kind. */
export type RoomTimelineRequest = TimelineRequest & {
  readonly user_id?: string | undefined
  readonly event?: string | undefined
}

export interface RoomReader {
  /** Open rooms in a fixed order, then closed ones, the newest close first. @throws InvalidCursorError */
  listRooms(status: RoomStatusFilter, request: RoomListRequest, signal?: AbortSignal): Promise<Page<RoomSummary>>
  /** Finds a room as it is in the lists. @returns undefined if it is in none. */
  findRoom(roomId: string, signal?: AbortSignal): Promise<RoomSummary | undefined>
  /** Counts open rooms and present participants. */
  countOpen(signal?: AbortSignal): Promise<{ readonly rooms: number; readonly participants: number }>
  /** @throws InvalidCursorError */
  readRoom(roomId: string, page: RoomPageRequest, signal?: AbortSignal): Promise<RoomDetails>
  /**
   * Reads the event log of a room. A page can have fewer than `limit` events, or none, and not be the last.
   *
   * @throws InvalidCursorError
   */
  readTimeline(roomId: string, request: RoomTimelineRequest, signal?: AbortSignal): Promise<Page<TimelineEntry>>
  /** Reads the warnings of a media server. @throws InvalidCursorError */
  readWarnings(boxCode: string, request: TimelineRequest, signal?: AbortSignal): Promise<Page<TimelineEntry>>
}
