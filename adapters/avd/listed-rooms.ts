import type { ObservedRoom, ObservedUser } from '../../core/reconciliation/compare.ts'
import { PlatformError } from './http.ts'
import type { ListedRoom } from './list-response.ts'
import type { StatedField } from './stated-fields.ts'

/** Whether two entries are one room on two media servers, rather than the same entry twice: they share no user. */
export function areParts(one: ListedRoom, other: ListedRoom): boolean {
  if (!one.users?.length || !other.users?.length) return false
  const userIds = new Set(one.users.map(({ user_id }) => user_id))
  return other.users.every(({ user_id }) => !userIds.has(user_id))
}

/**
 * Merges the entries of rooms that are listed more than once.
 *
 * @throws PlatformError 'incomplete' if such an entry lacks users: its statements cannot be compared with the users of
 * the whole room.
 */
export function mergeRooms(entries: readonly ListedRoom[]): readonly ListedRoom[] {
  const byId = new Map<string, ListedRoom>()
  for (const entry of entries) {
    const before = byId.get(entry.room_id)
    byId.set(entry.room_id, before === undefined ? entry : mergeRoom(before, entry))
  }
  return [...byId.values()]
}

function mergeRoom(one: ListedRoom, other: ListedRoom): ListedRoom {
  const fields = [...one.fields, ...other.fields]
  const isWhole = one.users !== undefined && other.users !== undefined
  if (!isWhole && fields.length > 0)
    throw new PlatformError('incomplete', `a room is listed twice without all its users; it states ${fields[0]?.path}`)
  const users = isWhole ? mergeUsers([...(one.users ?? []), ...(other.users ?? [])]) : undefined
  const shortfall = one.shortfall ?? other.shortfall
  return { room_id: one.room_id, name: one.name ?? other.name, users, fields: isWhole ? [] : fields, shortfall }
}

function mergeUsers(users: readonly ObservedUser[]): readonly ObservedUser[] {
  return [...new Map(users.map((user) => [user.user_id, user])).values()]
}

/** Verifies what the list of rooms states about the users of all rooms. */
export function verifyUserCounts(
  fields: readonly StatedField[],
  rooms: readonly ObservedRoom[],
): PlatformError | undefined {
  if (fields.length === 0) return undefined
  const entries = rooms.reduce((sum, { users }) => sum + users.length, 0)
  const distinct = new Set(rooms.flatMap(({ users }) => users.map(({ user_id }) => user_id))).size
  const wrong = fields.find(({ meaning, value }) =>
    meaning === 'user_count' ? value !== entries && value !== distinct : typeof value !== 'number' || value > entries,
  )
  if (wrong === undefined) return undefined
  return new PlatformError(
    'incomplete',
    `the list is incomplete: ${wrong.path} is ${String(wrong.value)}, but ${entries} users are listed`,
  )
}
