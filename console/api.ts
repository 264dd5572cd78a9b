import * as headerNames from '../names/headers.ts'
import * as paths from '../names/paths.ts'
import type {
  ApiAttendance,
  ApiBox,
  ApiCallbackCounts,
  ApiEvent,
  ApiMeeting,
  ApiPage,
  ApiPerson,
  ApiRecording,
  ApiRefusedCallback,
  ApiRoom,
  ApiRoomDetails,
  ApiSession,
  ApiStats,
  ApiTimeline,
  ApiUsage,
} from './api-types.ts'
import { getConditionally } from './conditional-get.ts'
import { token } from './state/token.ts'

const requestTimeoutMs = 10_000

/** Maximum number of rows in a table; the CSV file contains all of them. */
const maxRows = 1000

/** The API responded with an error. Status 401 means that the token is not valid, or no longer valid. */
export class ApiError extends Error {
  override name = 'ApiError'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** Several consoles share one read of the board, and still show a callback within five seconds. */
const acceptedAge = { 'cache-control': 'max-age=1' }

/** @param path below `/api`. @throws ApiError unless the response is successful, or 304 for a conditional request. */
async function request(path: string, conditions: Readonly<Record<string, string>> = {}): Promise<Response> {
  const headers = { ...acceptedAge, ...conditions, authorization: `Bearer ${token.peek() ?? ''}` }
  const response = await fetch(`${paths.api}${path}`, {
    headers,
    cache: 'no-store',
    signal: AbortSignal.timeout(requestTimeoutMs),
  })
  if (response.ok || response.status === 304) return response
  const problem: unknown = await response.json().catch(() => undefined)
  const message =
    typeof problem === 'object' && problem !== null && 'msg' in problem
      ? String(problem.msg)
      : `HTTP ${response.status}`
  throw new ApiError(response.status, message)
}

async function getJson<Body>(path: string): Promise<Body> {
  return (await getConditionally(path, (conditions) => request(path, conditions))) as Body
}

export type QueryParameters = Readonly<Record<string, string>>

const withQuery = (path: string, query: QueryParameters) => `${path}?${new URLSearchParams(query)}`

/** Reads a room with at least `enough` of the people who are in it, if there are as many. */
async function readPresentPeople(id: string, enough: number): Promise<ApiRoomDetails> {
  const readPage = (cursor: string | null) =>
    getJson<ApiRoomDetails>(
      withQuery('/room', {
        room_id: id,
        present: 'true',
        limit: String(Math.min(enough, 1000)),
        ...(cursor === null ? {} : { cursor }),
      }),
    )
  const first = await readPage(null)
  // Someone who joins between two requests can be on both pages.
  const participants = new Map(first.participants.map((participant) => [participant.user_id, participant]))
  let { cursor } = first
  while (cursor !== null && participants.size < enough) {
    const page: ApiRoomDetails = await readPage(cursor)
    for (const participant of page.participants) participants.set(participant.user_id, participant)
    cursor = page.cursor
  }
  return { ...first, participants: [...participants.values()], cursor }
}

/** Reads whole pages until there are at least `enough` items or no more pages. */
async function readPages<Item>(path: string, query: QueryParameters, enough: number): Promise<ApiPage<Item>> {
  const items: Item[] = []
  let cursor: string | null = null
  do {
    const page: ApiPage<Item> = await getJson(
      withQuery(path, { limit: '1000', ...query, ...(cursor === null ? {} : { cursor }) }),
    )
    items.push(...page.items)
    cursor = page.cursor
  } while (cursor !== null && items.length < enough)
  return { items, cursor }
}

export const api = {
  listRefused: () => getJson<ApiPage<ApiRefusedCallback>>('/refused'),
  readCallbackCounts: () => getJson<ApiCallbackCounts>('/callbacks'),
  readStats: () => getJson<ApiStats>('/stats'),

  /** @param limit reads only that many rooms, to show the first rooms quickly. */
  listOpenRooms: (limit?: number) =>
    limit === undefined
      ? readPages<ApiRoom>('/rooms', { status: 'open' }, 5000)
      : getJson<ApiPage<ApiRoom>>(withQuery('/rooms', { limit: String(limit) })),

  /** @param query may have `from`, `to` and `q`. */
  listClosedRooms: (query: QueryParameters, enough: number) =>
    readPages<ApiRoom>('/rooms', { status: 'closed', limit: '100', ...query }, enough),

  /** Reads a room without people, for its name. */
  async findRoom(id: string): Promise<ApiRoom | undefined> {
    const response = await request(withQuery('/rooms', { status: 'all', room_id: id }))
    return ((await response.json()) as ApiPage<ApiRoom>).items[0]
  },

  readPresentPeople,

  /** Reads a room with the first of its present participants. */
  readPresent: (id: string, limit: number) =>
    getJson<ApiRoomDetails>(withQuery('/room', { room_id: id, present: 'true', limit: String(limit) })),

  /** Newest first. @param query may have `from` and `to`. */
  listMeetings: (id: string, query: QueryParameters, enough: number) =>
    readPages<ApiMeeting>('/meetings', { room_id: id, order: 'newest', limit: '20', ...query }, enough),

  listAttendance: (id: string, period: QueryParameters) =>
    readPages<ApiAttendance>('/attendance', { room_id: id, ...period }, maxRows),

  readTimeline: (id: string, period: QueryParameters) =>
    getJson<ApiTimeline>(withQuery('/timeline', { room_id: id, ...period })),

  /** @param query has `user_id`, and may have `from` and `to`. */
  listUserSessions: (query: QueryParameters) => readPages<ApiSession>('/sessions', query, maxRows),

  /** @param query may have `status`, `room_id`, `from` and `to`. */
  listRecordings: (query: QueryParameters) => readPages<ApiRecording>('/recordings', query, maxRows),

  listBoxes: () => readPages<ApiBox>('/boxes', {}, maxRows),

  /** The warnings of a media server, newest first. @param query may have `from` and `to`. */
  listWarnings: (boxCode: string, query: QueryParameters, enough: number) =>
    readPages<ApiEvent>('/events', { box_code: boxCode, order: 'newest', limit: '100', ...query }, enough),

  /** Newest first. @param query has `period`, and may have `from` and `to`. */
  listUsage: (query: QueryParameters) => readPages<ApiUsage>('/usage', query, maxRows),

  /** @param q a part of the name or the id; empty for everybody. */
  listPeople: (q: string, enough: number) =>
    readPages<ApiPerson>('/people', { limit: '200', ...(q === '' ? {} : { q }) }, enough),

  /** Reads the open rooms and the rooms that were closed last, for their names. */
  listRoomsForNames: () => getJson<ApiPage<ApiRoom>>(withQuery('/rooms', { status: 'all', limit: '1000' })),

  /** Reads a list as a workbook. @param query may limit it. */
  readWorkbook: async (path: string, query: QueryParameters): Promise<Blob> =>
    (await request(withQuery(path, { ...query, format: 'xlsx' }))).blob(),

  /** Reads a whole list as CSV, page by page. @param query may limit it. */
  async readCsv(path: string, query: QueryParameters): Promise<Blob> {
    const parts: Blob[] = []
    let cursor: string | null = null
    do {
      const response: Response = await request(
        withQuery(path, { ...query, format: 'csv', ...(cursor === null ? {} : { cursor }) }),
      )
      parts.push(await response.blob())
      cursor = response.headers.get(headerNames.nextCursor)
    } while (cursor !== null)
    return new Blob(parts, { type: 'text/csv;charset=utf-8' })
  },
}
