import type { Projection } from '../../core/projection/projection.ts'
import type { AggregateId } from '../../core/state/aggregate.ts'
import type { RoomState } from '../../core/state/room.ts'
import type { Dependencies } from './update-projection.ts'

/** The room that a aggregate belongs to; empty of one that belongs to none. */
export function roomOf(aggregate: AggregateId): string {
  return 'room_id' in aggregate ? (aggregate.room_id ?? '') : ''
}

export function roomAggregates(roomIds: Iterable<string>): AggregateId[] {
  return Array.from(new Set(roomIds), (room_id) => ({ kind: 'room', room_id }))
}

export async function readRooms({ store }: Dependencies, roomIds: Iterable<string>): Promise<Map<string, RoomState>> {
  return roomStates(await store.read(roomAggregates(roomIds)))
}

export function roomStates(projections: readonly Projection[]): Map<string, RoomState> {
  const states = new Map<string, RoomState>()
  for (const { aggregate, state } of projections)
    if (aggregate.kind === 'room' && state?.kind === 'room') states.set(aggregate.room_id, state)
  return states
}
