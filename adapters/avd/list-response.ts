import type { ObservedUser } from '../../core/reconciliation/compare.ts'
import type { ListPaths } from './avd-settings.ts'
import { PlatformError } from './http.ts'
import { arrayAt, arrayField, findArray, textAt, textField, toText } from './json-fields.ts'
import { type ListPage, toListPage } from './list-pages.ts'

// The field names of the lists are not published (docs/protocol.md, The platform's own API), so common names are
// recognised. For other names, the AVD secret gives the paths.

/** `users` is undefined if the list of rooms does not include them. */
export type ListedRoom = { readonly room_id: string; readonly users: readonly ObservedUser[] | undefined }

const roomListNames = ['list', 'rooms', 'room_list', 'roomList', 'items', 'records', 'rows', 'result', 'data']
const userListNames = [
  'users',
  'user_list',
  'userList',
  'participants',
  'participant_list',
  'participate_list',
  'participateList',
  'members',
  'member_list',
  'list',
  'items',
  'data',
]
const roomIdNames = ['room_id', 'roomId', 'roomid', 'room_no', 'id']
const userIdNames = ['user_id', 'userId', 'userid', 'uid', 'id']
const userNameNames = ['user_name', 'userName', 'username', 'nickname', 'nick_name', 'name']
const endpointTypeNames = ['endpoint_type', 'endpointType', 'terminal_type']

/** @throws PlatformError 'unrecognised' */
export function parseRoomList(response: unknown, paths: ListPaths | undefined): ListPage<ListedRoom> {
  const rooms = paths === undefined ? findArray(response, roomListNames) : arrayAt(response, paths.rooms)
  if (rooms === undefined) throw unrecognised('no list of rooms is recognised in the response')
  return toListPage(
    response,
    rooms.map((room) => parseRoom(room, paths)),
  )
}

function parseRoom(room: unknown, paths: ListPaths | undefined): ListedRoom {
  const room_id = paths === undefined ? idOf(room, roomIdNames) : textAt(room, paths.room_id)
  if (room_id === undefined) throw unrecognised('a room in the list has no recognised id')
  return { room_id, users: usersOf(room, paths)?.map((user) => parseUser(user, paths)) }
}

function usersOf(room: unknown, paths: ListPaths | undefined): readonly unknown[] | undefined {
  if (paths === undefined) return arrayField(room, userListNames)
  return paths.users ? arrayAt(room, paths.users) : undefined
}

/** Parses the list of the users of one room. @throws PlatformError 'unrecognised' */
export function parseUserList(response: unknown, paths: ListPaths | undefined): ListPage<ObservedUser> {
  const users = findArray(response, userListNames)
  if (users === undefined) throw unrecognised('no list of users is recognised in the response')
  return toListPage(
    response,
    users.map((user) => parseUser(user, paths)),
  )
}

function parseUser(user: unknown, paths: ListPaths | undefined): ObservedUser {
  const user_id = paths?.user_id ? textAt(user, paths.user_id) : idOf(user, userIdNames)
  if (user_id === undefined) throw unrecognised('a user in the list has no recognised id')
  return { user_id, user_name: textField(user, userNameNames), endpoint_type: textField(user, endpointTypeNames) }
}

/** A list may consist of objects or of bare ids. */
function idOf(value: unknown, names: readonly string[]): string | undefined {
  return toText(value) ?? textField(value, names)
}

function unrecognised(message: string): PlatformError {
  return new PlatformError('unrecognised', message)
}
