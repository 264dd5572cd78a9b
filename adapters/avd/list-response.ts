import { compile, type JSONValue, TreeInterpreter } from '@jmespath-community/jmespath'
import type { ObservedUser } from '../../core/reconciliation/compare.ts'
import { PlatformError } from './http.ts'

/**
 * The names of the fields are published nowhere, so the usual ones are recognised; a deployment whose platform uses
 * others names the paths itself (JMESPath; relative to the answer, the room, the room, the user).
 */
export type ListPaths = {
  readonly rooms: string
  readonly room_id: string
  readonly users?: string | undefined
  readonly user_id?: string | undefined
}

/** One page of a list, and what the answer says of the whole. */
export type ListPage<Item> = {
  readonly items: readonly Item[]
  /** How many there are in all; undefined where the answer does not say. */
  readonly total: number | undefined
  /** The query that gets the next page; undefined where there is none. */
  readonly next: Readonly<Record<string, string>> | undefined
}

/** `users` is undefined where the list of rooms does not tell who is in them. */
export type ListedRoom = { readonly room_id: string; readonly users: readonly ObservedUser[] | undefined }

type Json = Record<string, unknown>

const roomLists = ['list', 'rooms', 'room_list', 'roomList', 'items', 'records', 'rows', 'result', 'data']
const userLists = [
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
const roomIds = ['room_id', 'roomId', 'roomid', 'room_no', 'id']
const userIds = ['user_id', 'userId', 'userid', 'uid', 'id']
const userNames = ['user_name', 'userName', 'username', 'nickname', 'nick_name', 'name']
const endpointTypes = ['endpoint_type', 'endpointType', 'terminal_type']

/** @throws PlatformError 'unrecognised' */
export function readRooms(answer: unknown, paths: ListPaths | undefined): ListPage<ListedRoom> {
  const rooms = paths === undefined ? findList(answer, roomLists) : listAt(answer, paths.rooms)
  if (rooms === undefined) throw new PlatformError('unrecognised', 'the answer has no list of rooms that is recognised')
  return pageOf(
    answer,
    rooms.map((room) => readRoom(room, paths)),
  )
}

function readRoom(room: unknown, paths: ListPaths | undefined): ListedRoom {
  const room_id = paths === undefined ? idOf(room, roomIds) : text(search(room, paths.room_id))
  if (room_id === undefined) throw new PlatformError('unrecognised', 'a room in the list has no id that is recognised')
  const users = paths === undefined ? ownList(room, userLists) : paths.users ? listAt(room, paths.users) : undefined
  return { room_id, users: users?.map((user) => readUser(user, paths)) }
}

/** The people of one room, from the answer about that room. @throws PlatformError 'unrecognised' */
export function readUsers(answer: unknown, paths: ListPaths | undefined): ListPage<ObservedUser> {
  const users = findList(answer, userLists)
  if (users === undefined) throw new PlatformError('unrecognised', 'the answer has no list of users that is recognised')
  return pageOf(
    answer,
    users.map((user) => readUser(user, paths)),
  )
}

function readUser(user: unknown, paths: ListPaths | undefined): ObservedUser {
  const user_id = paths?.user_id ? text(search(user, paths.user_id)) : idOf(user, userIds)
  if (user_id === undefined) throw new PlatformError('unrecognised', 'a user in the list has no id that is recognised')
  return { user_id, user_name: firstText(user, userNames), endpoint_type: firstText(user, endpointTypes) }
}

/** The list at the top level or under `data`; the whole answer may be one as well. */
function findList(answer: unknown, names: readonly string[]): readonly unknown[] | undefined {
  if (Array.isArray(answer)) return answer
  if (!isObject(answer)) return undefined
  return ownList(answer, names) ?? (isObject(answer.data) ? ownList(answer.data, names) : undefined)
}

function ownList(value: unknown, names: readonly string[]): readonly unknown[] | undefined {
  if (!isObject(value)) return undefined
  const name = names.find((candidate) => Array.isArray(value[candidate]))
  return name === undefined ? undefined : (value[name] as unknown[])
}

function listAt(value: unknown, path: string): readonly unknown[] | undefined {
  const found = search(value, path)
  return Array.isArray(found) ? found : undefined
}

/** A list has thousands of rooms and users, and each is searched with the same few paths. */
const compiled = new Map<string, ReturnType<typeof compile>>()

function search(value: unknown, path: string): unknown {
  const expression = compiled.get(path) ?? compile(path)
  compiled.set(path, expression)
  return TreeInterpreter.search(expression, value as JSONValue)
}

/** An id is a text or a number; a list may hold bare ids. */
function idOf(value: unknown, names: readonly string[]): string | undefined {
  return text(value) ?? firstText(value, names)
}

function firstText(value: unknown, names: readonly string[]): string | undefined {
  if (!isObject(value)) return undefined
  for (const name of names) {
    const found = text(value[name])
    if (found !== undefined) return found
  }
  return undefined
}

function text(value: unknown): string | undefined {
  if (typeof value === 'string' && value !== '') return value
  return typeof value === 'number' ? String(value) : undefined
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const totals = ['total', 'total_count', 'totalCount', 'total_num']
const pageNumbers = ['page', 'page_no', 'pageNo', 'page_num', 'pageNum', 'page_index', 'current_page']
const pageSizes = ['page_size', 'pageSize', 'per_page', 'limit', 'size']
const cursors = ['next_cursor', 'nextCursor', 'next_token', 'nextToken']
const more = ['has_more', 'hasMore', 'has_next', 'hasNext']

/** What the answer shows of pages, at the top level or under `data`. */
function pageOf<Item>(answer: unknown, items: readonly Item[]): ListPage<Item> {
  const data = {
    ...(isObject(answer) && isObject(answer.data) ? answer.data : {}),
    ...(isObject(answer) ? answer : {}),
  }
  const named = (names: readonly string[]) => names.find((name) => data[name] !== undefined && data[name] !== null)
  const number = (name: string | undefined) => {
    const value = name === undefined ? Number.NaN : Number(data[name])
    return Number.isFinite(value) ? value : undefined
  }
  const total = number(named(totals))
  const cursor = named(cursors)
  if (cursor !== undefined && text(data[cursor]) !== undefined) {
    // The field is called "next_x" in the answer and "x" in the question.
    const name = cursor.replace(/^next_?/, '').replace(/^[A-Z]/, (letter) => letter.toLowerCase())
    return { items, total, next: { [name]: String(data[cursor]) } }
  }
  const moreName = named(more)
  const saysMore = moreName !== undefined && data[moreName] === true
  const pageName = named(pageNumbers)
  const size = named(pageSizes)
  const isPart = total !== undefined && total > items.length
  if (!saysMore && !isPart) return { items, total, next: undefined }
  const page = (number(pageName) ?? 1) + 1
  return {
    items,
    total,
    next: { [pageName ?? 'page']: String(page), ...(size === undefined ? {} : { [size]: String(data[size]) }) },
  }
}
