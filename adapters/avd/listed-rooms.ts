import type { ObservedRoom, ObservedUser } from '../../core/reconciliation/compare.ts'
import { describeField } from './completeness.ts'
import { PlatformError } from './http.ts'
import { findShortfall, type ListedRoom } from './list-response.ts'
import type { StatedField } from './stated-fields.ts'

/**
 * Whether two entries are one room on two media servers, rather than the same entry twice. On two pages they must share no
 * user, because the room may have changed in between. On one page, different users are enough.
 */
export function areParts(one: ListedRoom, other: ListedRoom, areOnOnePage: boolean): boolean {
  if (one.users === undefined || other.users === undefined) return false
  const userIds = new Set(one.users.map(({ user_id }) => user_id))
  const shared = other.users.filter(({ user_id }) => userIds.has(user_id)).length
  if (areOnOnePage) return shared < Math.max(one.users.length, other.users.length)
  return shared === 0 && one.users.length > 0 && other.users.length > 0
}

/**
 * Merges the entries of rooms that are listed more than once.
 *
 * @throws PlatformError 'incomplete' if such an entry lacks users: its statements cannot be compared with the users of
 * the whole room.
 */
export function mergeRooms(entries: readonly ListedRoom[]): readonly ListedRoom[] {
  const byId = new Map<string, [ListedRoom, ...ListedRoom[]]>()
  for (const entry of entries) {
    const before = byId.get(entry.room_id)
    if (before === undefined) byId.set(entry.room_id, [entry])
    else before.push(entry)
  }
  return [...byId.values()].map((parts) => (parts.length === 1 ? parts[0] : mergeParts(parts)))
}

function mergeParts(parts: readonly [ListedRoom, ...ListedRoom[]]): ListedRoom {
  const [{ room_id }] = parts
  const fields = parts.flatMap((part) => part.fields)
  const users = parts.every((part) => part.users !== undefined)
    ? mergeUsers(parts.flatMap((part) => part.users ?? []))
    : findWholeUsers(parts)
  if (users === undefined && fields.length > 0)
    throw new PlatformError('incomplete', {
      english: `a room is listed twice without all its users; it states ${fields[0]?.path}`,
      chinese: `有房间列出了两次，但用户不全（依据 ${fields[0]?.path}）`,
    })
  const name = parts.find((part) => part.name !== undefined)?.name
  const shortfall = parts.find((part) => part.shortfall !== undefined)?.shortfall
  return { room_id, name, users, fields: users === undefined ? fields : [], shortfall }
}

/** The users of all parts, if each part states how many there are in the whole room, and so many are listed. */
function findWholeUsers(parts: readonly ListedRoom[]): readonly ObservedUser[] | undefined {
  const users = mergeUsers(parts.flatMap(({ listed }) => listed ?? []))
  const isWhole = parts.every(
    ({ listed, fields }) => listed !== undefined && fields.length > 0 && findShortfall(fields, users) === undefined,
  )
  return isWhole ? users : undefined
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
  const { english, chinese } = describeField(wrong)
  return new PlatformError('incomplete', {
    english: `the list is incomplete: ${english}, but ${entries} users are listed`,
    chinese: `列表不完整：${chinese}，但只列出 ${entries} 个用户`,
  })
}
