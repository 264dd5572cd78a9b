import pMap from 'p-map'
import type { Platform } from '../../core/ports/platform.ts'
import type { ObservedRoom, ObservedUser } from '../../core/reconciliation/compare.ts'
import { type GetJson, getJson, PlatformError } from './http.ts'
import { type ListedRoom, type ListPage, type ListPaths, readRooms, readUsers } from './list-response.ts'

export type AvdSettings = {
  readonly base_url: string
  readonly access_key: string
  readonly secret_key: string
  readonly ca_pem?: string | null | undefined
  readonly list_paths?: ListPaths | null | undefined
}

const requestTimeoutMs = 10_000
const roomConcurrency = 8
/** A list that never ends is none. */
const maxPages = 2000

/**
 * The platform's own API (protocol, "what we call"). The token is kept between sweeps.
 *
 * Whatever it gives is complete: an answer that fails, is not recognised or lacks a part is a PlatformError.
 */
export function avdPlatform(settings: AvdSettings): Platform {
  const get = getJson(settings.base_url, settings.ca_pem ?? undefined, requestTimeoutMs)
  const paths = settings.list_paths ?? undefined
  let token: string | undefined
  let loggingIn: Promise<string> | undefined

  async function freshToken(signal: AbortSignal): Promise<string> {
    const { access_key, secret_key } = settings
    const answer = await get('sdkapi/v2/app/get_token', { access_key, secret_key }, signal)
    const { token: own, data } = (answer ?? {}) as { token?: unknown; data?: { token?: unknown } }
    const given = own ?? data?.token
    if (typeof given !== 'string' || given === '') throw new PlatformError('unrecognised', 'the log-in gave no token')
    token = given
    return given
  }

  /** Requests that find no token at the same time wait for one log-in. */
  function logIn(signal: AbortSignal): Promise<string> {
    loggingIn ??= freshToken(signal).finally(() => {
      loggingIn = undefined
    })
    return loggingIn
  }

  /** One more log-in where the token is not, or no longer, accepted; then the platform has spoken. */
  const authorized: GetJson = async (path, query, signal) => {
    const kept = token
    const used = kept ?? (await logIn(signal))
    try {
      return await get(path, { token: used, ...query }, signal)
    } catch (error) {
      // A refusal of a kept token may mean anything, and the token's age is the likeliest.
      const mayBeToken =
        error instanceof PlatformError && (error.unauthenticated || (error.reason === 'refused' && kept !== undefined))
      if (!mayBeToken) throw error
    }
    if (token === used) token = undefined
    return get(path, { token: token ?? (await logIn(signal)), ...query }, signal)
  }

  const listRooms = (signal: AbortSignal) =>
    wholeList(
      (query) => authorized('sdkapi/v2/room/list', query, signal),
      (answer) => readRooms(answer, paths),
      (room) => room.room_id,
    )

  const listUsers = (room_id: string, signal: AbortSignal) =>
    wholeList(
      (query) => authorized('sdkapi/v2/room/participate/list', { room_id, ...query }, signal),
      (answer) => readUsers(answer, paths),
      (user) => user.user_id,
    )

  return {
    async listOpenRooms(signal) {
      const rooms = await listRooms(signal)
      const publishError = rooms.filter((room) => room.users === undefined)
      if (publishError.length === 0) return rooms.map(withUsers([]))
      const asked = await pMap(
        publishError,
        async ({ room_id }) => ({ room_id, users: await orRefusal(listUsers(room_id, signal)) }),
        { concurrency: roomConcurrency, stopOnError: true },
      )
      const users = new Map(asked.map((room) => [room.room_id, room.users]))
      const refused = asked.filter((room) => room.users instanceof PlatformError)
      // A room may close between the two questions. If it has not, the platform owes an answer.
      const still = refused.length === 0 ? [] : (await listRooms(signal)).map((room) => room.room_id)
      const owed = refused.find((room) => still.includes(room.room_id))
      if (owed?.users instanceof PlatformError) throw owed.users
      return rooms.flatMap((room): ObservedRoom[] => {
        const own = room.users ?? users.get(room.room_id)
        return own === undefined || own instanceof PlatformError ? [] : [{ room_id: room.room_id, users: own }]
      })
    },
  }
}

const withUsers =
  (otherwise: readonly ObservedUser[]) =>
  ({ room_id, users }: ListedRoom): ObservedRoom => ({ room_id, users: users ?? otherwise })

async function orRefusal<Value>(value: Promise<Value>): Promise<Value | PlatformError> {
  try {
    return await value
  } catch (error) {
    if (error instanceof PlatformError && error.reason === 'refused') return error
    throw error
  }
}

/** All pages of a list, each item once. @throws PlatformError 'incomplete' where a part is missing. */
async function wholeList<Item>(
  ask: (query: Readonly<Record<string, string>>) => Promise<unknown>,
  read: (answer: unknown) => ListPage<Item>,
  idOf: (item: Item) => string,
): Promise<Item[]> {
  const items = new Map<string, Item>()
  let query: Readonly<Record<string, string>> | undefined = {}
  let total: number | undefined
  for (let page = 0; query !== undefined; page++) {
    const answer: ListPage<Item> = read(await ask(query))
    const before = items.size
    for (const item of answer.items) items.set(idOf(item), item)
    total = answer.total ?? total
    const complete: boolean = total !== undefined && items.size >= total
    if (!complete && answer.next !== undefined && (items.size === before || page >= maxPages))
      throw new PlatformError(
        'incomplete',
        `the list says there is more than its pages give (${items.size} of ${total ?? 'unknown'})`,
      )
    query = complete ? undefined : answer.next
  }
  if (total !== undefined && items.size < total)
    throw new PlatformError('incomplete', `the list gives ${items.size} of the ${total} it speaks of`)
  return [...items.values()]
}
