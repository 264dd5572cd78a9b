import type { Interval, RoomListEntry } from '@northbound/avd-simulator'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import type { ShownIntervals } from './shown-intervals.ts'

/** What a receiver shows at each moment. Keys as `presenceKey` and `mediumKey` create them. */
export type LiveView = { readonly presences: ShownIntervals; readonly media: ShownIntervals }

/** Something that receives callbacks and may read the platform's room list. Times in ms, never decreasing. */
export type TruthReceiver = {
  readonly live: LiveView
  receive(event: NorthboundEvent, now: number): void
  /**
   * @param rooms undefined if the list could not be read.
   * @returns corrections, which come back through `receive` like every other event.
   */
  sweep(rooms: readonly RoomListEntry[] | undefined, now: number): readonly NorthboundEvent[]
  /** The sessions by `presenceKey`, as they stand after the last event. A session that has not ended lasts until `endAt`. */
  settledSessions(endAt: number): ReadonlyMap<string, readonly Interval[]>
}

export function presenceKey({ room_id, user_id }: { readonly room_id: string; readonly user_id: string }): string {
  return `${room_id} ${user_id}`
}

type MediumIdentity = {
  readonly room_id: string
  readonly user_id: string
  readonly list: 'streams' | 'subscriptions'
  readonly stream_id: string
  readonly stream_type: string
}

export function mediumKey({ room_id, user_id, list, stream_id, stream_type }: MediumIdentity): string {
  return `${room_id} ${user_id} ${list} ${stream_type} ${stream_id}`
}
