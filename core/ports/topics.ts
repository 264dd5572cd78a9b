import type { Alert } from '../notifications/alert.ts'
import type { RoomEvent } from '../notifications/room-event.ts'

export interface AlertTopic {
  /** @throws if the topic did not accept the alert. */
  publish(alert: Alert, signal?: AbortSignal): Promise<void>
}

/** A room event with the attributes that subscribers can filter by. */
export type RoomEventMessage = {
  readonly body: RoomEvent
  readonly room_id: string | undefined
  /** Set for events of a media server. */
  readonly box_code?: string | undefined
}

export interface RoomEventTopic {
  /** Never throws. @returns an error for each message that the topic did not accept. */
  publish(messages: readonly RoomEventMessage[], signal?: AbortSignal): Promise<ReadonlyMap<RoomEventMessage, Error>>
}
