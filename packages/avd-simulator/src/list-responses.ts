import type { SimulatedRoom } from './installation-state.ts'
import { type PagingStyle, roomsPerPage, sliceForPage, statePage } from './list-paging.ts'
import { buildRoomList, buildShortenedRoomList, type ListFormat } from './list-shapes.ts'

/**
 * How a list endpoint responds.
 *
 * - `ok`: the complete list.
 * - `empty`: a well-formed list without entries. `emptyForMs`: for this time, and then the complete list.
 * - `timeout`: no response; the request is accepted and stays open.
 * - `html`: an HTML page with status 200.
 * - `unrecognisable`: `{"ret":0}`.
 * - `half`: the first half of the JSON text. If the room list is paged, a first page that states the full size of the
 *   list, followed by empty pages.
 * - `half-failing`: like `half`, but the pages after the first have status 500.
 * - `status`: this HTTP status.
 * - `ret`: this error code with status 200.
 * - `delayMs`: the complete list after this delay.
 * - `lagMs`: the complete list as it was this long ago, but not before this behaviour was set.
 * - `fields`: the complete list with these fields beside `ret`. A field that is `undefined` is left out.
 * - `answers`: these responses, in order, as pages: a request without paging parameters gets the first one. A text is
 *   sent as it is.
 * - `maxUsers` (room list): every room states `user_count`, but lists at most this number of users.
 * - `afterPage` (room list): the complete list; the function is called after each response with the index of its page,
 *   and may change the installation.
 */
export type ListBehaviour =
  | 'ok'
  | 'empty'
  | 'timeout'
  | 'html'
  | 'unrecognisable'
  | 'half'
  | 'half-failing'
  | { readonly status: number }
  | { readonly ret: number }
  | { readonly delayMs: number }
  | { readonly lagMs: number }
  | { readonly emptyForMs: number }
  | { readonly fields: Readonly<Record<string, unknown>> }
  | { readonly answers: readonly (object | string)[] }
  | { readonly maxUsers: number }
  | { readonly afterPage: (pageIndex: number) => void }

export interface SimulatedResponse {
  readonly status: number
  readonly contentType: string
  readonly text: string
  readonly delayMs?: number
}

export interface RoomListRequest {
  readonly format: ListFormat
  /** Undefined: the list has one page. */
  readonly paging: PagingStyle | undefined
  readonly rooms: readonly SimulatedRoom[]
  /** From 0. */
  readonly pageIndex: number
}

/** Responds to `room/list`. @returns undefined if there must be no response. */
export function respondWithRooms(behaviour: ListBehaviour, request: RoomListRequest): SimulatedResponse | undefined {
  const { format, paging, rooms, pageIndex } = request
  if (typeof behaviour === 'object' && 'maxUsers' in behaviour)
    return jsonResponse(buildShortenedRoomList(format, rooms, behaviour.maxUsers))
  if (paging === undefined)
    return respondWithList(behaviour, (isEmpty) => buildRoomList(format, isEmpty ? [] : rooms, {}))
  const state = (total: number) => statePage(paging, pageIndex, total)
  if (behaviour === 'half' || behaviour === 'half-failing') {
    if (pageIndex > 0 && behaviour === 'half-failing') return failure(500)
    const half = pageIndex > 0 ? [] : rooms.slice(0, Math.min(roomsPerPage, Math.floor(rooms.length / 2)))
    return jsonResponse(buildRoomList(format, half, state(rooms.length)))
  }
  return respondWithList(behaviour, (isEmpty) =>
    isEmpty
      ? buildRoomList(format, [], state(0))
      : buildRoomList(format, sliceForPage(rooms, pageIndex), state(rooms.length)),
  )
}

/** @returns undefined if there must be no response. */
export function respondWithList(
  behaviour: ListBehaviour,
  buildList: (isEmpty: boolean) => object,
): SimulatedResponse | undefined {
  if (typeof behaviour === 'object') return respondWithSettings(behaviour, buildList)
  switch (behaviour) {
    case 'ok':
      return jsonResponse(buildList(false))
    case 'empty':
      return jsonResponse(buildList(true))
    case 'timeout':
      return undefined
    case 'html':
      return { status: 200, contentType: 'text/html', text: '<!doctype html><title>AVD</title><p>维护中</p>' }
    case 'unrecognisable':
      return jsonResponse({ ret: 0 })
    case 'half':
    case 'half-failing': {
      const complete = jsonResponse(buildList(false))
      return { ...complete, text: complete.text.slice(0, Math.ceil(complete.text.length / 2)) }
    }
  }
}

export function jsonResponse(value: object | string): SimulatedResponse {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return { status: 200, contentType: 'application/json; charset=utf-8', text }
}

function respondWithSettings(
  behaviour: Extract<ListBehaviour, object>,
  buildList: (isEmpty: boolean) => object,
): SimulatedResponse {
  if ('status' in behaviour) return failure(behaviour.status)
  if ('ret' in behaviour) return jsonResponse({ ret: behaviour.ret, msg: 'simulated failure' })
  if ('fields' in behaviour) return jsonResponse({ ...buildList(false), ...behaviour.fields })
  return { ...jsonResponse(buildList(false)), ...('delayMs' in behaviour && { delayMs: behaviour.delayMs }) }
}

function failure(status: number): SimulatedResponse {
  return { status, contentType: 'text/plain', text: 'simulated failure' }
}
