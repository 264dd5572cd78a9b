import type { z } from 'zod'
import type {
  boxSchema,
  eventSchema,
  recordingSchema,
  roomDetailsSchema,
  roomSchema,
  sessionSchema,
  statsSchema,
  userSessionSchema,
} from '../lambdas/query-api/response-schemas.ts'

export type Room = z.output<typeof roomSchema>
export type RoomDetails = z.output<typeof roomDetailsSchema>
export type Participant = RoomDetails['participants'][number]
export type Recording = z.output<typeof recordingSchema>
export type Box = z.output<typeof boxSchema>
export type Stats = z.output<typeof statsSchema>
export type LoggedEvent = z.output<typeof eventSchema>
export type Session = z.output<typeof sessionSchema> & {
  readonly room_id?: z.output<typeof userSessionSchema>['room_id']
}

type Page<Item> = { readonly items: Item[]; readonly cursor: string | null }

/** ms that an answer may take. */
const patience = 10_000
const tokenKey = 'northbound-token'

/** The token is gone with the tab. */
export const token = {
  get: () => sessionStorage.getItem(tokenKey),
  set: (value: string) => sessionStorage.setItem(tokenKey, value),
  forget: () => sessionStorage.removeItem(tokenKey),
}

/** The API said no: `status` 401 means that the token is not, or no longer, the right one. */
export class Refused extends Error {
  override name = 'Refused'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

async function get(path: string): Promise<Response> {
  const headers = { authorization: `Bearer ${token.get() ?? ''}` }
  const answer = await fetch(path, { headers, cache: 'no-store', signal: AbortSignal.timeout(patience) })
  if (answer.ok) return answer
  const problem: unknown = await answer.json().catch(() => undefined)
  const text =
    typeof problem === 'object' && problem !== null && 'msg' in problem ? String(problem.msg) : answer.statusText
  throw new Refused(answer.status, text)
}

const json = async <Answer>(path: string): Promise<Answer> => (await get(path)).json()

const withQuery = (path: string, query: Readonly<Record<string, string>>) => `${path}?${new URLSearchParams(query)}`

/** Whole pages, until there are `most` items or no more. */
async function all<Item>(path: string, query: Readonly<Record<string, string>>, most: number): Promise<Page<Item>> {
  const items: Item[] = []
  let cursor: string | null = null
  do {
    const page: Page<Item> = await json(
      withQuery(path, { limit: '1000', ...query, ...(cursor === null ? {} : { cursor }) }),
    )
    items.push(...page.items)
    cursor = page.cursor
  } while (cursor !== null && items.length < most)
  return { items, cursor }
}

const room = (id: string) => `/api/rooms/${encodeURIComponent(id)}`
const user = (id: string) => `/api/users/${encodeURIComponent(id)}`

/** On the page at once; for more there is the file. */
const mostRows = 1000

export const api = {
  stats: () => json<Stats>('/api/stats'),
  /** @param most so many only, for a first look. */
  rooms: (most?: number) =>
    most === undefined
      ? all<Room>('/api/rooms', { status: 'open' }, 5000)
      : json<Page<Room>>(withQuery('/api/rooms', { limit: String(most) })),
  readClosingTimes: () => json<Page<Room>>('/api/rooms?status=closed&limit=100'),
  room: (id: string) => json<RoomDetails>(room(id)),
  events: (id: string) => all<LoggedEvent>(`${room(id)}/events`, { order: 'newest' }, 3000),
  roomSessions: (id: string) => all<Session>(`${room(id)}/sessions`, { order: 'newest' }, mostRows),
  userSessions: (id: string) => all<Session>(`${user(id)}/sessions`, {}, mostRows),
  recordings: (status: string) => all<Recording>('/api/recordings', status === '' ? {} : { status }, mostRows),
  boxes: () => all<Box>('/api/boxes', {}, mostRows),

  /** All of it, however many pages. */
  async csv(of: { readonly room?: string; readonly user?: string }): Promise<Blob> {
    const path = of.room === undefined ? `${user(of.user ?? '')}/sessions` : `${room(of.room)}/sessions`
    const parts: Blob[] = []
    let cursor: string | null = null
    do {
      const answer: Response = await get(withQuery(path, { format: 'csv', ...(cursor === null ? {} : { cursor }) }))
      parts.push(await answer.blob())
      cursor = answer.headers.get('x-next-cursor')
    } while (cursor !== null)
    return new Blob(parts, { type: 'text/csv;charset=utf-8' })
  },
}
