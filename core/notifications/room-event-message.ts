import type { RoomEventMessage } from '../ports/topics.ts'
import type { NorthboundEvent } from '../protocol/events.ts'
import type { Step } from '../state/fold.ts'
import { toRoomEvent } from './room-event.ts'

/** @param step the event's step of the fold, if known. */
export function toRoomEventMessage(event: NorthboundEvent, step: Step | undefined): RoomEventMessage {
  const room_id = 'room_id' in event.data ? event.data.room_id : undefined
  const box_code = 'box_code' in event.data ? event.data.box_code : undefined
  return { body: toRoomEvent(event, step), room_id, box_code }
}
