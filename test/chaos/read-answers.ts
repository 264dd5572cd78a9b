import type { LoggedEvent } from './model/logged-event.ts'
import type {
  ShownBox,
  ShownParticipant,
  ShownRecording,
  ShownRoom,
  ShownSession,
  ShownState,
} from './model/shown-state.ts'

/** Where the query API is, and its token. */
export interface QueryApi {
  readonly url: string
  readonly apiToken: string
}

type Page = { readonly cursor: string | null } & Readonly<Record<string, unknown>>

/** Reads all pages of what `checkRun` compares. @param roomIds of all rooms, those that are not listed included. */
export async function readShownState(api: QueryApi, roomIds: readonly string[]): Promise<ShownState> {
  const rooms = await readAll<ShownRoom>(api, '/api/rooms', { status: 'all' })
  const participants: ShownParticipant[] = []
  const sessions: ShownSession[] = []
  for (const room_id of roomIds) {
    const people = await readAll<Omit<ShownParticipant, 'room_id'>>(api, '/api/room', { room_id }, 'participants')
    participants.push(...people.map((participant) => ({ room_id, ...participant })))
    sessions.push(...(await readAll<ShownSession>(api, '/api/sessions', { room_id })))
  }
  const recordings = await readAll<ShownRecording>(api, '/api/recordings', {})
  const boxes = await readAll<ShownBox>(api, '/api/boxes', {})
  return { rooms, participants, sessions, recordings, boxes }
}

/** Reads the event log of the rooms and media servers. */
export async function readLog(
  api: QueryApi,
  roomIds: readonly string[],
  boxCodes: readonly string[],
): Promise<LoggedEvent[]> {
  const queries = [...roomIds.map((room_id) => ({ room_id })), ...boxCodes.map((box_code) => ({ box_code }))]
  const events: LoggedEvent[] = []
  for (const query of queries) events.push(...(await readAll<LoggedEvent>(api, '/api/events', query)))
  return events
}

/** @returns all rows; none if the API answers with 404, because the room or media server has no events. */
async function readAll<Row>(
  api: QueryApi,
  path: string,
  query: Readonly<Record<string, string>>,
  list = 'items',
): Promise<Row[]> {
  const rows: Row[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const page = await readPage(api, `${path}?${new URLSearchParams({ ...query, limit: '1000', cursor })}`)
    rows.push(...((page?.[list] ?? []) as Row[]))
    cursor = page?.cursor ?? null
  }
  return rows
}

/** @throws Error for any other status than 200 and 404. */
async function readPage({ url, apiToken }: QueryApi, path: string): Promise<Page | undefined> {
  const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${apiToken}` } })
  if (response.status === 404) return undefined
  if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`)
  return (await response.json()) as Page
}
