import pMap from 'p-map'
import type { Bilingual } from '../../core/notifications/alert-text.ts'
import { joinTexts } from '../../core/ports/explained-error.ts'
import type { Platform } from '../../core/ports/platform.ts'
import type { ObservedUser } from '../../core/reconciliation/compare.ts'
import type { AvdSettings } from './avd-settings.ts'
import { createGetJson, type GetJson, PlatformError } from './http.ts'
import { readAllPages } from './list-pages.ts'
import { findShortfall, type ListedRoom, parseRoomList, parseUserList } from './list-response.ts'
import { areParts, mergeRooms, verifyUserCounts } from './listed-rooms.ts'
import type { StatedField } from './stated-fields.ts'
import { verifyNoFailure, verifyRet, verifySuccess } from './success.ts'
import { loginPath, tokenOf, withToken } from './with-token.ts'

const requestTimeoutMs = 10_000
const roomConcurrency = 8
/** Rooms change while they are read one by one, so what does not match is read again. */
const maxReads = 3

/**
 * The platform's own API (docs/protocol.md, The platform's own API). The token is kept between calls.
 *
 * Its lists are complete: a response that fails, is not recognised or is incomplete causes a PlatformError, whose message
 * names the field that proves it.
 */
export function avdPlatform(settings: AvdSettings): Platform {
  const client = new ListClient(settings)
  return {
    async listOpenRooms(signal) {
      const usersByRoom = new Map<string, readonly ObservedUser[]>()
      for (let read = 1; ; read++) {
        const { rooms, fields } = await client.listRooms(signal)
        const unread = rooms.filter(({ room_id, users }) => users === undefined && !usersByRoom.has(room_id))
        const problem = await client.readUsers(unread, usersByRoom, signal)
        const complete = rooms.map(({ room_id, name, users = usersByRoom.get(room_id) ?? [] }) => ({
          room_id,
          ...(name === undefined ? {} : { name }),
          users,
        }))
        const mismatch = problem === undefined ? verifyUserCounts(fields, complete) : undefined
        if (problem === undefined && mismatch === undefined) return complete
        if (unread.length === 0 || read === maxReads) throw problem ?? mismatch
        if (mismatch !== undefined) usersByRoom.clear()
      }
    },
  }
}

class ListClient {
  readonly #get: GetJson
  readonly #settings: AvdSettings

  constructor(settings: AvdSettings) {
    const getJson = createGetJson(settings.base_url, settings.ca_pem ?? undefined, requestTimeoutMs)
    const paths = settings.list_paths ?? undefined
    const getVerified: GetJson = async (path, query, signal) => {
      const response = await getJson(path, query, signal)
      if (path !== loginPath) verifySuccess(path, response, paths)
      // A token proves the success of a login.
      else if (tokenOf(response) === undefined) verifyNoFailure(path, response, paths)
      else verifyRet(path, response)
      return response
    }
    this.#get = withToken(getVerified, settings)
    this.#settings = settings
  }

  /** @returns the rooms, each once, and what the list states about their users. */
  async listRooms(signal: AbortSignal): Promise<{ rooms: readonly ListedRoom[]; fields: readonly StatedField[] }> {
    const paths = this.#settings.list_paths ?? undefined
    let userFields: readonly StatedField[] = []
    const entries = await readAllPages(
      async (query) => {
        const page = parseRoomList(await this.#get('sdkapi/v2/room/list', query, signal), paths)
        userFields = page.fields.filter(({ meaning }) => meaning === 'user_count' || meaning === 'some_users')
        return { ...page, fields: page.fields.filter((field) => !userFields.includes(field)) }
      },
      { idOf: ({ room_id }) => room_id, areParts, mayBeOnTwoPages: true },
    )
    return { rooms: mergeRooms(entries), fields: userFields }
  }

  /**
   * Reads the users of rooms one by one.
   *
   * @param usersByRoom gets the users of each room whose list is complete.
   * @returns the first problem, which may be that a room was closed meanwhile.
   */
  async readUsers(
    rooms: readonly ListedRoom[],
    usersByRoom: Map<string, readonly ObservedUser[]>,
    signal: AbortSignal,
  ): Promise<PlatformError | undefined> {
    const problems: PlatformError[] = []
    const readRoom = async ({ room_id, fields, shortfall: before }: ListedRoom) => {
      const result = await catchPlatformError(this.#listUsers(room_id, signal), before)
      if (result instanceof PlatformError) return problems.push(result)
      const shortfall = findShortfall(fields.filter(isCount), result)
      if (shortfall !== undefined) return problems.push(new PlatformError('incomplete', shortfall))
      return usersByRoom.set(room_id, result)
    }
    await pMap(rooms, readRoom, { concurrency: roomConcurrency, stopOnError: true })
    return problems[0]
  }

  async #listUsers(room_id: string, signal: AbortSignal): Promise<readonly ObservedUser[]> {
    const paths = this.#settings.list_paths ?? undefined
    const entries = await readAllPages(
      async (query) =>
        parseUserList(
          await this.#get('sdkapi/v2/room/participate/list', { ...query, room_id }, signal),
          room_id,
          paths,
        ),
      { idOf: ({ user_id }) => user_id, areParts: () => true, mayBeOnTwoPages: false },
    )
    return [...new Map(entries.map((user) => [user.user_id, user])).values()]
  }
}

/** How the room list is paged says nothing about the users that another list has. */
function isCount({ meaning }: StatedField): boolean {
  return ['total', 'count', 'size', 'some_users', 'unknown'].includes(meaning)
}

/**
 * @param shortfall why the users of the room are read one by one.
 * @returns the errors that reading the room list again may resolve, because the room may have been closed or changed.
 */
async function catchPlatformError<Value>(
  value: Promise<Value>,
  shortfall: Bilingual | undefined,
): Promise<Value | PlatformError> {
  try {
    return await value
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error
    const text = joinTexts(shortfall === undefined ? [error.text] : [shortfall, error.text])
    const explained = new PlatformError(error.reason, text, error.unauthenticated)
    if (error.reason === 'refused' || error.reason === 'incomplete') return explained
    throw explained
  }
}
