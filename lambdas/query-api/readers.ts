import type { NorthboundEvent } from '../../core/protocol/events.ts'
import type { BoxState } from '../../core/state/box.ts'
import type { ParticipantState, Session } from '../../core/state/participant.ts'
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
  /** How many rooms are open, and how many people are present. */
  countOpen(): Promise<{ readonly rooms: number; readonly participants: number }>
  readRoom(roomId: string): Promise<WholeRoom>
  /** The log of a room. @throws BadCursor */
  readTimeline(roomId: string, page: PageRequest & { readonly order: Order }): Promise<Page<TimelineEntry>>
}

/** One stay of a person in a room. */
export type SessionRow = {
  readonly room_id: string
  readonly user_id: string
  readonly user_name: string | null
  readonly session: Session
}

export interface SessionReader {
  /** By their beginning. A page may have fewer than `limit` and still a cursor. @throws BadCursor */
  ofRoom(roomId: string, page: PageRequest & { readonly order: Order }): Promise<Page<SessionRow>>
  /** The latest first, across rooms; the same about pages. @throws BadCursor */
  ofUser(userId: string, page: PageRequest): Promise<Page<SessionRow>>
}

export type Order = 'oldest' | 'newest'

export type RecordingRow = { readonly room_id: string; readonly state: RecordingState }
export type BoxRow = { readonly box_code: string; readonly state: BoxState }

export interface CatalogueReader {
  /** The latest first. @throws BadCursor */
  listRecordings(page: PageRequest): Promise<Page<RecordingRow>>
  recordingsOfRoom(roomId: string): Promise<RecordingRow[]>
  /** By their name. @throws BadCursor */
  listBoxes(page: PageRequest): Promise<Page<BoxRow>>
  /** When those of these rooms that are closed were closed, in ms. */
  closedRooms(roomIds: readonly string[]): Promise<ReadonlyMap<string, number>>
}

/** How the installation does. Times in ms; undefined: there was no sweep yet. */
export type Health = {
  readonly events_last_hour: number
  readonly dead_letters: number
  /** Events that wait to be applied. */
  readonly queue_depth: number
  /** When the last batch of events was applied; undefined: not within the last hour. */
  readonly last_event_at: number | undefined
  /** Undefined until the first look at the schedule. */
  readonly reconciliation: 'on' | 'off' | undefined
  readonly drift_last_sweep: number | undefined
  readonly last_sweep_at: number | undefined
  readonly last_sweep_ok: boolean | undefined
}

export interface HealthReader {
  read(): Promise<Health>
}

/** The cursor was not one of ours. */
export class BadCursor extends Error {
  override name = 'BadCursor'
}
