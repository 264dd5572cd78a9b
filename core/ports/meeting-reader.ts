import type { NorthboundEvent } from '../protocol/events.ts'
import type { MediaStream } from '../state/media.ts'
import type { RoomState } from '../state/room.ts'
import type { Period } from './period.ts'
import type { SessionRow } from './session-reader.ts'

/** `room`: its stored state. `events`: those of the room itself that the log has, in any order. */
export type RoomRecord = { readonly room: RoomState | undefined; readonly events: readonly NorthboundEvent[] }

/** `streams`: what the participant publishes now; absent if it is not the last session of the participant. */
export type RoomSessionRow = SessionRow & { readonly streams?: readonly MediaStream[] }

/** More sessions of a room would have to be held in memory than a query may. */
export class TooManySessionsError extends Error {
  override name = 'TooManySessionsError'

  constructor(maxSessions: number) {
    super(`the room has more than ${maxSessions.toLocaleString('en')} sessions in the interval`)
  }
}

/** Reads what meetings and attendance follow from. All reads are strongly consistent. */
export interface MeetingReader {
  readRoomRecord(roomId: string, signal?: AbortSignal): Promise<RoomRecord>
  /** Reads the sessions of a room that overlap the interval or touch it, in any order. @throws TooManySessionsError */
  readRoomSessions(roomId: string, interval: Period, signal?: AbortSignal): Promise<RoomSessionRow[]>
}
