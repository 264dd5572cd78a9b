import type { Projection } from '../../core/projection/projection.ts'
import type { AggregateId } from '../../core/state/aggregate.ts'
import type { RoomState } from '../../core/state/room.ts'
import type { ApplyDependencies } from './dependencies.ts'

export function roomAggregates(roomIds: Iterable<string>): AggregateId[] {
  return Array.from(new Set(roomIds), (room_id) => ({ kind: 'room', room_id }))
}

/** Reads the states of rooms by room id. Rooms without a state are omitted. */
export async function readRooms(
  { store }: ApplyDependencies,
  roomIds: Iterable<string>,
  signal: AbortSignal,
): Promise<Map<string, RoomState>> {
  return roomStates(await store.read(roomAggregates(roomIds), signal))
}

export function roomStates(projections: readonly Projection[]): Map<string, RoomState> {
  const states = new Map<string, RoomState>()
  for (const { aggregate, state } of projections)
    if (aggregate.kind === 'room' && state?.kind === 'room') states.set(aggregate.room_id, state)
  return states
}
