import type { Bilingual } from '../../core/notifications/alert-text.ts'
import type { ObservedUser } from '../../core/reconciliation/compare.ts'
import type { ListPaths } from './avd-settings.ts'
import { describeField, findContinuation, findContradiction, type PageFacts } from './completeness.ts'
import { findFields } from './field-names.ts'
import { findList } from './find-list.ts'
import { PlatformError } from './http.ts'
import { isObject, search, toId, toText } from './json-fields.ts'
import { findGroups, verifyObject } from './list-groups.ts'
import type { ListPage } from './list-pages.ts'
import { verifyProjections } from './projections.ts'
import { collectStatedFields, parseCount, type StatedField } from './stated-fields.ts'

// The field names of the lists are not published (docs/protocol.md, The platform's own API), so common names are
// recognised, in any case and with any separators. For other names, the AVD secret gives the paths.

/** A room as it is listed. */
export type ListedRoom = {
  readonly room_id: string
  readonly name: string | undefined
  /** Undefined if the list of rooms does not have them, or not all of them. */
  readonly users: readonly ObservedUser[] | undefined
  /** The users that the list has, even if it does not have all of them. */
  readonly listed?: readonly ObservedUser[] | undefined
  /** What the room states about its users. */
  readonly fields: readonly StatedField[]
  /** Why `users` is undefined, with the name of the field. */
  readonly shortfall?: Bilingual | undefined
}

const roomIdNames = ['roomid', 'roomno', 'id']
/** A media server with its rooms is no room. */
const groupNames = ['rooms', 'roomlist', 'meetings', 'meetinglist']
const roomNameNames = ['roomname', 'topic', 'subject', 'title']
const userIdNames = ['userid', 'uid', 'id']
const userNameNames = ['username', 'nickname', 'name']
const endpointTypeNames = ['endpointtype', 'terminaltype']
const userListNames = [
  ...['users', 'userlist', 'onlineusers', 'onlineuserlist', 'participants', 'participantlist', 'participatelist'],
  ...['members', 'memberlist', 'attendees'],
]
/** Names that the list of users may have if no field is named after users. */
const anyListNames = ['list', 'items', 'data']

/** Parses one page of the list of rooms. @throws PlatformError 'unrecognised' or 'incomplete' that names the field. */
export function parseRoomList(response: unknown, paths: ListPaths | undefined): ListPage<ListedRoom> {
  const rooms = paths === undefined ? findList(response, 'rooms') : search(response, paths.rooms)
  if (!Array.isArray(rooms))
    throw unrecognised(
      paths === undefined
        ? { english: 'no list of rooms is recognised', chinese: '找不到房间列表' }
        : { english: `${paths.rooms} is not a list`, chinese: `${paths.rooms} 不是列表` },
    )
  const fields = [{ path: '', object: response }, ...findGroups(response, paths, rooms)].flatMap(({ path, object }) =>
    isObject(object) ? collectStatedFields(object, { subject: 'rooms', isInRoom: false }, path, isUser) : [],
  )
  return {
    items: rooms.map((room: unknown, index) => parseRoom(room, paths, `rooms[${index}]`)),
    fields: withConfiguredTotal(response, fields, paths),
  }
}

/** The configured total replaces the other counts, which may be about something else. */
function withConfiguredTotal(
  response: unknown,
  fields: readonly StatedField[],
  paths: ListPaths | undefined,
): readonly StatedField[] {
  if (!paths?.total) return fields
  const value = parseCount(search(response, paths.total))
  const total: StatedField = { path: `list_paths.total (${paths.total})`, name: '', meaning: 'total', value }
  return [total, ...fields.filter(({ meaning }) => pagingMeanings.has(meaning))]
}

const pagingMeanings: ReadonlySet<string> = new Set([
  ...['page_count', 'page_size', 'page_position', 'offset', 'more', 'first', 'last', 'next', 'previous', 'missing'],
])

function parseRoom(room: unknown, paths: ListPaths | undefined, path: string): ListedRoom {
  const room_id = paths === undefined ? idOf(room, roomIdNames) : toId(search(room, paths.room_id))
  if (room_id === undefined) throw withoutId(path)
  const withoutUsers = { english: `${path} has no list of users`, chinese: `${path} 没有用户列表` }
  if (!isObject(room)) return { room_id, name: undefined, users: undefined, fields: [], shortfall: withoutUsers }
  verifyObject(room, path)
  if (paths === undefined && findFields(room, groupNames).some(({ value }) => Array.isArray(value)))
    throw unrecognised({ english: `${path} has a list of rooms itself`, chinese: `${path} 自身含有房间列表` })
  const fields = collectStatedFields(room, { subject: 'users', isInRoom: true }, path, isUser)
  const listed = findUsers(room, paths, path)?.map((user, index) => parseUser(user, paths, `${path}.users[${index}]`))
  const shortfall = listed === undefined ? withoutUsers : findShortfall(fields, listed)
  return {
    room_id,
    name: firstText(room, roomNameNames),
    users: shortfall === undefined ? listed : undefined,
    listed,
    fields,
    shortfall,
  }
}

/** Verifies what a room states about its users. @returns what is wrong, with the name of the field. */
export function findShortfall(fields: readonly StatedField[], users: readonly ObservedUser[]): Bilingual | undefined {
  const entries = users.length
  const distinct = new Set(users.map(({ user_id }) => user_id)).size
  const progress = { pages: 1, entries, distinct, pageEntries: entries }
  const page: PageFacts = { fields, entries }
  const continuation = findContinuation(fields, progress)
  if (continuation === undefined) return findContradiction([page], progress)
  const { english, chinese } = describeField(continuation)
  return {
    english: `${english}, but ${distinct} users are listed`,
    chinese: `${chinese}，但只列出 ${distinct} 个用户`,
  }
}

function findUsers(
  room: Readonly<Record<string, unknown>>,
  paths: ListPaths | undefined,
  path: string,
): readonly unknown[] | undefined {
  if (paths !== undefined) {
    if (paths.users) verifyProjections(room, paths.users, path)
    const users = paths.users ? search(room, paths.users) : undefined
    return Array.isArray(users) ? users : undefined
  }
  // A number, as in `users: 3`, is a count.
  const isField = ({ value }: { readonly value: unknown }) => typeof value !== 'number'
  const named = findFields(room, userListNames).filter(isField)
  const fields = [...named, ...findFields(room, anyListNames).filter(isField)]
  const [list, other] = fields.filter(({ value }) => Array.isArray(value))
  if (other !== undefined)
    throw unrecognised({
      english: `${path} has two lists of users: ${list?.name} and ${other.name}`,
      chinese: `${path} 有两个用户列表：${list?.name} 和 ${other.name}`,
    })
  // Beside `users: null`, a list may be anything, and an empty one may not be that of the users.
  const isDoubtful = named.some(({ value }) => !Array.isArray(value))
  const users = list?.value as readonly unknown[] | undefined
  const isOfUsers = list !== undefined && named.includes(list) && users?.length !== 0
  return isDoubtful && !isOfUsers ? undefined : users
}

/** Parses one page of the list of the users of one room. @throws PlatformError 'unrecognised' that names the field. */
export function parseUserList(
  response: unknown,
  room_id: string,
  paths: ListPaths | undefined,
): ListPage<ObservedUser> {
  const users = findList(response, 'users')
  if (users === undefined) throw unrecognised({ english: 'no list of users is recognised', chinese: '找不到用户列表' })
  const fields = isObject(response)
    ? collectStatedFields(response, { subject: 'users', isInRoom: false }, '', isUser)
    : []
  for (const container of isObject(response) ? [response, response.data] : []) {
    const listed = isObject(container) ? toId(findFields(container, ['roomid'])[0]?.value) : undefined
    if (listed !== undefined && listed !== room_id)
      throw unrecognised({
        english: `room_id is ${listed} instead of ${room_id}`,
        chinese: `room_id 为 ${listed}，应为 ${room_id}`,
      })
  }
  return { items: users.map((user, index) => parseUser(user, paths, `users[${index}]`)), fields }
}

function parseUser(user: unknown, paths: ListPaths | undefined, path: string): ObservedUser {
  const user_id = paths?.user_id ? toId(search(user, paths.user_id)) : idOf(user, userIdNames)
  if (user_id === undefined) throw withoutId(path)
  if (!isObject(user)) return { user_id, user_name: undefined, endpoint_type: undefined }
  return { user_id, user_name: firstText(user, userNameNames), endpoint_type: firstText(user, endpointTypeNames) }
}

/** A list may consist of objects or of bare ids. Of an object, the first name that it has decides. */
function idOf(value: unknown, names: readonly string[]): string | undefined {
  return isObject(value) ? toId(findFields(value, names)[0]?.value) : toId(value)
}

function firstText(object: Readonly<Record<string, unknown>>, names: readonly string[]): string | undefined {
  return findFields(object, names)
    .map(({ value }) => toText(value))
    .find((text) => text !== undefined)
}

/** Counts in the objects of users are about something else. */
function isUser(object: Readonly<Record<string, unknown>>): boolean {
  return findFields(object, ['userid', 'uid']).length > 0
}

function withoutId(path: string): PlatformError {
  return unrecognised({ english: `${path} has no recognised id`, chinese: `${path} 没有可识别的 ID` })
}

function unrecognised({ english, chinese }: Bilingual): PlatformError {
  return new PlatformError('unrecognised', {
    english: `the response is not recognised: ${english}`,
    chinese: `无法识别响应：${chinese}`,
  })
}
