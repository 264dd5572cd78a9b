import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished } from 'vitest'
import type { AvdSettings } from '../../adapters/avd/avd-settings.ts'
import type { PlatformError } from '../../adapters/avd/http.ts'
import { avdPlatform } from '../../adapters/avd/platform.ts'
import type { ObservedRoom } from '../../core/reconciliation/compare.ts'

/** A response: a value that is sent as JSON, or a text or bytes that are sent as they are. */
export type ScriptedAnswer = object | string | Buffer

export interface Script {
  /** Pages of the room list in order: a request without paging parameters gets the first one. Or a function of the query. */
  readonly rooms: readonly ScriptedAnswer[] | ((query: Readonly<Record<string, string>>) => ScriptedAnswer)
  /** Default: a success with a token. */
  readonly login?: ScriptedAnswer
  /** The headers of all responses. Default: none. */
  readonly headers?: Readonly<Record<string, string>>
  /** Responses to the list of a room's users; 404 for other rooms. */
  readonly participants?: Readonly<Record<string, ScriptedAnswer>>
}

/** What the adapter makes of scripted answers. */
export interface ScriptedResult {
  /** User ids by room; undefined if the list was not accepted. */
  readonly people: Readonly<Record<string, readonly string[]>> | undefined
  readonly rooms: readonly ObservedRoom[]
  /** The message of the refusal. */
  readonly error: string
  readonly reason: PlatformError['reason'] | undefined
  /** The queries of the requests for the room list, without the token. */
  readonly queries: readonly Record<string, string>[]
}

/** Serves scripted lists until the test ends. */
async function startScriptedPlatform(
  script: () => Script,
): Promise<{ baseUrl: string; queries: Record<string, string>[] }> {
  const queries: Record<string, string>[] = []
  let page = 0
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    const { token: _token, ...query } = Object.fromEntries(searchParams)
    const { rooms, participants = {}, login = { ret: 0, token: 't' }, headers = {} } = script()
    const send = (answer: ScriptedAnswer | undefined) => {
      response.statusCode = answer === undefined ? 404 : 200
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
      response.end(typeof answer === 'object' && !Buffer.isBuffer(answer) ? JSON.stringify(answer) : answer)
    }
    if (pathname.endsWith('/app/get_token')) return send(login)
    if (pathname.endsWith('/participate/list')) return send(participants[query.room_id ?? ''])
    queries.push(query)
    if (typeof rooms === 'function') return send(rooms(query))
    page = Object.keys(query).length === 0 ? 0 : Math.min(page + 1, rooms.length - 1)
    return send(rooms[page])
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, queries }
}

/** Reads the rooms of a scripted platform with the adapter. Expects each refusal to be explained in both languages. */
export async function readScript(
  script: Script,
  list_paths: AvdSettings['list_paths'] = null,
): Promise<ScriptedResult> {
  const { baseUrl, queries } = await startScriptedPlatform(() => script)
  const platform = avdPlatform({ base_url: baseUrl, access_key: 'a', secret_key: 's', list_paths })
  try {
    const rooms = await platform.listOpenRooms(AbortSignal.timeout(5000))
    const people = Object.fromEntries(rooms.map(({ room_id, users }) => [room_id, users.map(({ user_id }) => user_id)]))
    return { people, rooms, error: '', reason: undefined, queries }
  } catch (error) {
    const { text, reason } = error as PlatformError
    // The Chinese text may quote what the platform says.
    expect(text.chinese).toMatch(/\p{Script=Han}/u)
    return { people: undefined, rooms: [], error: text.english, reason, queries }
  }
}
