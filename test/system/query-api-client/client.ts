import createClient from 'openapi-fetch'
// The test generates this file from the OpenAPI document before it compiles and runs this one.
import type { components, paths } from './schema.ts'

const [baseUrl = '', token = ''] = process.argv.slice(2)
const options = { baseUrl, headers: { authorization: `Bearer ${token}` } }
const client = createClient<paths>(options)
/** For paths that also offer files. */
const jsonClient = createClient<paths, 'application/json'>(options)

/** Compiles only if the document names these members, with these types. */
function summarize({ room_id, status, present, closed_at }: components['schemas']['Room']) {
  const people: number = present
  const closedAt: string | null = closed_at
  return { room_id, isOpen: status === 'open', people, closedAt }
}

/** The items of a page. Paths that offer CSV can respond with text as well. */
function itemsOf<Item>(page: { readonly items: readonly Item[] } | string | undefined): readonly Item[] {
  return typeof page === 'object' ? page.items : []
}

const rooms = await client.GET('/api/rooms', { params: { query: { status: 'all', limit: 10 } } })
const etag = rooms.response.headers.get('etag') ?? ''
const again = await client.GET('/api/rooms', {
  params: { query: { status: 'all', limit: 10 }, header: { 'If-None-Match': `W/${etag}` } },
})
const head = await client.HEAD('/api/rooms', { params: { query: { status: 'all', limit: 10 } } })
const room = await client.GET('/api/rooms/{room_id}', { params: { path: { room_id: 'A' } } })
const usage = await client.GET('/api/usage', { params: { query: { period: 'day', limit: 1 } } })
const people = await client.GET('/api/people', { params: { query: { q: 'AN' } } })
const csv = await client.GET('/api/sessions', {
  params: { query: { room_id: 'A', format: 'csv', limit: 1 } },
  parseAs: 'text',
})
const from = '2024-01-01T00:00:00+08:00'
const events = await client.GET('/api/events', {
  params: { query: { room_id: 'A', user_id: 'ann', event: 'join', from, order: 'newest' } },
})
const sessions = await client.GET('/api/sessions', { params: { query: { user_id: 'ann', from } } })
const recordings = await client.GET('/api/recordings', { params: { query: { status: 'failed', from } } })
const closed = await client.GET('/api/rooms', { params: { query: { status: 'closed', from, q: 'a' } } })
const boxes = await client.GET('/api/boxes')
const quiet: boolean[] | undefined = boxes.data?.items.map(({ state }) => state === 'quiet')
const callbacks = await client.GET('/api/callbacks', { params: { query: {} } })
const attendance = await jsonClient.GET('/api/attendance', { params: { query: { room_id: 'A', lang: 'zh' } } })
const workbook = await client.GET('/api/attendance', {
  params: { query: { room_id: 'A', format: 'xlsx', lang: 'zh' } },
  parseAs: 'arrayBuffer',
})
const meetings = await jsonClient.GET('/api/meetings', { params: { query: { room_id: 'A', order: 'newest' } } })
const missing = await client.GET('/api/room', { params: { query: { room_id: 'none' } } })
const problem: components['schemas']['Problem'] | undefined =
  missing.error !== undefined && 'ret' in missing.error ? missing.error : undefined
// @ts-expect-error: the document has no such parameter.
const unknown = await client.GET('/api/rooms', { params: { query: { page: 2 } } })

const results = {
  rooms: rooms.data?.items.map(summarize),
  cursor: rooms.data?.cursor,
  notModified: again.response.status,
  head: [head.response.status, head.response.headers.get('content-length'), head.response.headers.get('etag') === etag],
  people: room.data?.participants.map(({ user_id, streams }) => [user_id, streams.length]),
  usage: usage.data?.items.map(({ peak_people }) => peak_people),
  directory: people.data?.items.map(({ user_name, present_in }) => [user_name, present_in]),
  csv: csv.data,
  attendance: attendance.data?.items.map(({ user_name, sessions, endpoint_types }) => [
    user_name,
    sessions,
    endpoint_types,
  ]),
  workbook: workbook.data === undefined ? '' : Buffer.from(workbook.data).toString('latin1', 0, 2),
  meetings: meetings.data?.items.map(({ closed_at, people, peak, estimated }) => [closed_at, people, peak, estimated]),
  events: events.data?.items.map(({ event, params }) => [event, params.user_id]),
  sessions: itemsOf(sessions.data).map(({ room_id, left_at }) => [room_id, left_at]),
  recordings: itemsOf(recordings.data).flatMap(({ file_list }) => file_list.map(({ name, size }) => [name, size])),
  closed: closed.data?.items.map(summarize),
  quiet,
  callbacks: callbacks.data?.kinds.filter((kind) => kind.callbacks > 0),
  missing: problem,
  unknown: [unknown.response.status, unknown.error],
}
process.stdout.write(JSON.stringify(results))
