import type { SimulatedAvd, SimulatedAvdOptions } from '../../src/index.ts'
import { accessKey, secretKey, startAvd } from './start-avd.ts'

export interface TextResponse {
  readonly status: number
  readonly text: string
}

type Query = Readonly<Record<string, string>>

/** An installation with an API client that has logged in. */
export interface ClientAndAvd {
  readonly avd: SimulatedAvd
  /** Requests a path below `/sdkapi/v2/` without the client's token. */
  get(path: string, query: Query): Promise<TextResponse>
  logIn(accessKey: string, secretKey: string): Promise<Record<string, unknown>>
  requestRooms(query?: Query): Promise<TextResponse>
  listRooms(query?: Query): Promise<Record<string, unknown>>
  listParticipants(room_id: string): Promise<Record<string, unknown>>
}

export async function startAvdWithClient(options: Partial<SimulatedAvdOptions> = {}): Promise<ClientAndAvd> {
  const avd = await startAvd(options)
  const get = async (path: string, query: Query) => {
    const response = await fetch(`${avd.url}/sdkapi/v2/${path}?${new URLSearchParams(query)}`)
    return { status: response.status, text: await response.text() }
  }
  const logIn = async (access_key: string, secret_key: string) =>
    parseObject(await get('app/get_token', { access_key, secret_key }))
  const token = String((await logIn(accessKey, secretKey)).token)
  const requestRooms = (query: Query = {}) => get('room/list', { token, ...query })
  return {
    avd,
    get,
    logIn,
    requestRooms,
    listRooms: async (query) => parseObject(await requestRooms(query)),
    listParticipants: async (room_id) => parseObject(await get('room/participate/list', { token, room_id })),
  }
}

/** Opens room 7 with the users 1 and 42, and room 8 without users. */
export function populate(avd: SimulatedAvd): void {
  void avd.join('7', '1', { user_name: '王小明', endpoint_type: 'web' })
  void avd.join('7', '42', { endpoint_type: 'h323' })
  void avd.openRoom('8')
}

export function openRooms(avd: SimulatedAvd, count: number): void {
  for (let room = 1; room <= count; room += 1) void avd.openRoom(String(room))
}

function parseObject({ text }: TextResponse): Record<string, unknown> {
  return JSON.parse(text)
}
