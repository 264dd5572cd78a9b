import pMap from 'p-map'
import type { Platform } from '../../core/ports/platform.ts'
import type { ObservedRoom, ObservedUser } from '../../core/reconciliation/compare.ts'
import type { AvdSettings } from './avd-settings.ts'
import { createGetJson, PlatformError } from './http.ts'
import { readAllPages } from './list-pages.ts'
import { type ListedRoom, parseRoomList, parseUserList } from './list-response.ts'
import { withToken } from './with-token.ts'

const requestTimeoutMs = 10_000
const roomConcurrency = 8

/**
 * The platform's own API (docs/protocol.md, The platform's own API). The token is kept between calls.
 *
 * Its lists are complete: a response that fails, is not recognised or is incomplete causes a PlatformError.
 */
export function avdPlatform(settings: AvdSettings): Platform {
  const get = withToken(createGetJson(settings.base_url, settings.ca_pem ?? undefined, requestTimeoutMs), settings)
  const paths = settings.list_paths ?? undefined

  const listRooms = (signal: AbortSignal): Promise<ListedRoom[]> =>
    readAllPages(
      async (query) => parseRoomList(await get('sdkapi/v2/room/list', query, signal), paths),
      (room) => room.room_id,
    )

  const listUsers = (room_id: string, signal: AbortSignal): Promise<ObservedUser[]> =>
    readAllPages(
      async (query) =>
        parseUserList(await get('sdkapi/v2/room/participate/list', { room_id, ...query }, signal), paths),
      (user) => user.user_id,
    )

  /** @throws the first refusal that concerns a room that is still open; a room that was closed meanwhile has no users. */
  async function listUsersByRoom(roomIds: readonly string[], signal: AbortSignal) {
    const users = new Map<string, readonly ObservedUser[]>()
    const refusals = new Map<string, PlatformError>()
    await pMap(
      roomIds,
      async (room_id) => {
        const result = await catchRefusal(listUsers(room_id, signal))
        if (result instanceof PlatformError) refusals.set(room_id, result)
        else users.set(room_id, result)
      },
      { concurrency: roomConcurrency, stopOnError: true },
    )
    if (refusals.size === 0) return users
    for (const { room_id } of await listRooms(signal)) {
      const refusal = refusals.get(room_id)
      if (refusal !== undefined) throw refusal
    }
    return users
  }

  return {
    async listOpenRooms(signal) {
      const rooms = await listRooms(signal)
      const withoutUsers = rooms.filter(({ users }) => users === undefined).map(({ room_id }) => room_id)
      const usersByRoom = await listUsersByRoom(withoutUsers, signal)
      return rooms.flatMap(({ room_id, users = usersByRoom.get(room_id) }): ObservedRoom[] =>
        users === undefined ? [] : [{ room_id, users }],
      )
    },
  }
}

async function catchRefusal<Value>(value: Promise<Value>): Promise<Value | PlatformError> {
  try {
    return await value
  } catch (error) {
    if (error instanceof PlatformError && error.reason === 'refused') return error
    throw error
  }
}
