import type { SimulatedRoom } from './installation-state.ts'
import { buildRoomList, buildRoomPage, type ListShape, roomsPerPage } from './list-shapes.ts'

/**
 * How a list endpoint responds.
 *
 * - `ok`: the complete list.
 * - `empty`: a well-formed list without entries.
 * - `timeout`: no response; the request is accepted and stays open.
 * - `html`: an HTML page with status 200.
 * - `unrecognisable`: `{"ret":0}`.
 * - `half`: the first half of the JSON text. The shape `paged` returns a first page that states the full total,
 *   followed by empty pages.
 * - `half-failing`: like `half`, but the pages after the first have status 500.
 * - `status`: this HTTP status.
 * - `ret`: this error code with status 200.
 * - `delayMs`: the complete list after this delay.
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

export interface SimulatedResponse {
  readonly status: number
  readonly contentType: string
  readonly text: string
  readonly delayMs?: number
}

/**
 * Responds to `room/list`.
 *
 * @param page starts at 1; used by the shape `paged` only.
 * @returns undefined if there must be no response.
 */
export function respondWithRooms(
  behaviour: ListBehaviour,
  shape: ListShape,
  rooms: readonly SimulatedRoom[],
  page: number,
): SimulatedResponse | undefined {
  if (shape === 'paged' && (behaviour === 'half' || behaviour === 'half-failing')) {
    return respondWithHalfThePages(behaviour, rooms, page)
  }
  return respondWithList(behaviour, (isEmpty) => buildRoomList(shape, isEmpty ? [] : rooms, page))
}

/** @returns undefined if there must be no response. */
export function respondWithList(
  behaviour: ListBehaviour,
  buildList: (isEmpty: boolean) => object,
): SimulatedResponse | undefined {
  if (typeof behaviour === 'object') return respondWithNumber(behaviour, buildList)
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

export function jsonResponse(value: object): SimulatedResponse {
  return { status: 200, contentType: 'application/json; charset=utf-8', text: JSON.stringify(value) }
}

function respondWithHalfThePages(
  behaviour: 'half' | 'half-failing',
  rooms: readonly SimulatedRoom[],
  page: number,
): SimulatedResponse {
  if (page === 1) {
    const firstPage = rooms.slice(0, Math.min(roomsPerPage, Math.floor(rooms.length / 2)))
    return jsonResponse(buildRoomPage(firstPage, rooms.length, page))
  }
  return behaviour === 'half' ? jsonResponse(buildRoomPage([], rooms.length, page)) : failure(500)
}

function respondWithNumber(
  behaviour: Extract<ListBehaviour, object>,
  buildList: (isEmpty: boolean) => object,
): SimulatedResponse {
  if ('status' in behaviour) return failure(behaviour.status)
  if ('ret' in behaviour) return jsonResponse({ ret: behaviour.ret, msg: 'simulated failure' })
  return { ...jsonResponse(buildList(false)), delayMs: behaviour.delayMs }
}

function failure(status: number): SimulatedResponse {
  return { status, contentType: 'text/plain', text: 'simulated failure' }
}
