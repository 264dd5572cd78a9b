import type { Projection } from '../../core/projection/projection.ts'
import { type AggregateId, roomIdOf } from '../../core/state/aggregate.ts'
import type { RoomState } from '../../core/state/room.ts'
import type { ApplyDependencies } from './dependencies.ts'

export function roomAggregates(roomIds: Iterable<string>): AggregateId[] {
  return Array.from(new Set(roomIds), (room_id) => ({ kind: 'room', room_id }))
}

/** Reads the projections of rooms by room id. */
export async function readRooms(
  { store }: ApplyDependencies,
  roomIds: Iterable<string>,
  signal: AbortSignal,
): Promise<Map<string, Projection>> {
  const projections = await store.read(roomAggregates(roomIds), signal)
  return new Map(projections.map((projection) => [roomIdOf(projection.aggregate), projection]))
}

export function roomStates(projections: Iterable<Projection>): Map<string, RoomState> {
  const states = new Map<string, RoomState>()
  for (const { aggregate, state } of projections)
    if (aggregate.kind === 'room' && state?.kind === 'room') states.set(aggregate.room_id, state)
  return states
}
