import { describeMany } from './describe-many.ts'
import type { ShownState } from './model/shown-state.ts'

/** A room that is open on the platform. */
export interface PlatformRoom {
  readonly room_id: string
  readonly users: readonly { readonly user_id: string }[]
}

/** Checks that exactly the rooms and people of the platform are shown as open and present. It must have been swept. */
export function findPresenceMistakes({ rooms, participants }: ShownState, platform: readonly PlatformRoom[]): string[] {
  const shown = new Set([
    ...rooms.filter(({ status }) => status === 'open').map(({ room_id }) => room_id),
    ...participants
      .filter(({ status }) => status === 'in_room')
      .map(({ room_id, user_id }) => `${user_id} in ${room_id}`),
  ])
  const existing = new Set(
    platform.flatMap(({ room_id, users }) => [room_id, ...users.map(({ user_id }) => `${user_id} in ${room_id}`)]),
  )
  return [
    ...describeMany('rooms and people of the platform are missing', [...existing.difference(shown)]),
    ...describeMany('rooms and people are not on the platform', [...shown.difference(existing)]),
  ]
}
