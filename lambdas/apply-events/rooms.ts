import type { RoomState } from '../../core/state/room.ts'
import type { Subject } from '../../core/state/subject.ts'
import type { View } from './stores.ts'
import type { Dependencies } from './update-view.ts'

/** The room that a subject belongs to; empty of one that belongs to none. */
export function roomOf(subject: Subject): string {
  return 'room_id' in subject ? (subject.room_id ?? '') : ''
}

export function roomSubjects(roomIds: Iterable<string>): Subject[] {
  return Array.from(new Set(roomIds), (room_id) => ({ kind: 'room', room_id }))
}

export async function readRooms({ store }: Dependencies, roomIds: Iterable<string>): Promise<Map<string, RoomState>> {
  return roomStates(await store.read(roomSubjects(roomIds)))
}

export function roomStates(views: readonly View[]): Map<string, RoomState> {
  const states = new Map<string, RoomState>()
  for (const { subject, state } of views)
    if (subject.kind === 'room' && state?.kind === 'room') states.set(subject.room_id, state)
  return states
}
