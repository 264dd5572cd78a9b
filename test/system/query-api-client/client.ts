import createClient from 'openapi-fetch'
// The test generates this file from the OpenAPI document before it compiles and runs this one.
import type { components, paths } from './schema.ts'

const [baseUrl = '', token = ''] = process.argv.slice(2)
const client = createClient<paths>({ baseUrl, headers: { authorization: `Bearer ${token}` } })

/** Compiles only if the document names these members, with these types. */
function summarize({ room_id, status, present, closed_at }: components['schemas']['Room']) {
  const people: number = present
  const closedAt: string | null = closed_at
  return { room_id, isOpen: status === 'open', people, closedAt }
}

const rooms = await client.GET('/api/rooms', { params: { query: { status: 'all', limit: 10 } } })
const etag = rooms.response.headers.get('etag') ?? ''
const again = await client.GET('/api/rooms', {
  params: { query: { status: 'all', limit: 10 }, header: { 'If-None-Match': `W/${etag}` } },
})
const head = await client.HEAD('/api/rooms', { params: { query: { status: 'all', limit: 10 } } })
const room = await client.GET('/api/rooms/{room_id}', { params: { path: { room_id: 'A' } } })
const csv = await client.GET('/api/sessions', {
  params: { query: { room_id: 'A', format: 'csv', limit: 1 } },
  parseAs: 'text',
})
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
  csv: csv.data,
  missing: problem,
  unknown: [unknown.response.status, unknown.error],
}
process.stdout.write(JSON.stringify(results))
