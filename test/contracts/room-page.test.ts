import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { documentClient } from '../../adapters/dynamodb/client.ts'
import { dynamodbRoomReader } from '../../adapters/dynamodb/room-reader.ts'
import { storeProjections } from '../../bench/stored-projections.ts'
import { InvalidCursorError } from '../../core/ports/page.ts'
import type { RoomDetails, RoomReader } from '../../core/ports/room-reader.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { isPresent } from '../../core/state/participant.ts'
import { createTables, startDynalite } from '../support/dynamodb.ts'
import { event } from '../support/events.ts'

const request = { limit: 100, cursor: null, presentOnly: false, maxBytes: 2_000_000 }

/** Reads all pages. @param options replace the defaults of the request. */
async function readPages(rooms: RoomReader, roomId: string, options: Partial<typeof request> = {}) {
  const pages: RoomDetails[] = []
  let cursor: string | null = null
  do {
    const page: RoomDetails = await rooms.readRoom(roomId, { ...request, ...options, cursor })
    pages.push(page)
    cursor = page.cursor
  } while (cursor !== null)
  return pages
}

const participantsOf = (pages: readonly RoomDetails[]) => pages.flatMap(({ participants }) => participants)
const idsOf = (pages: readonly RoomDetails[]) => participantsOf(pages).map(({ user_id }) => user_id)
const range = (count: number, prefix: string) => Array.from({ length: count }, (_, index) => `${prefix}${index}`)

const joins = (room_id: string, userIds: readonly string[]) =>
  userIds.map((user_id) => event('join', { room_id, user_id }, { at: 100 }))
const visits = (room_id: string, userIds: readonly string[]) => [
  ...joins(room_id, userIds),
  ...userIds.map((user_id) => event('leave', { room_id, user_id }, { at: 200 })),
]

describe('the page of a room', () => {
  let client: DynamoDBClient
  let stop: () => void
  beforeAll(async () => {
    ;({ client, stop } = await startDynalite())
  })
  afterAll(() => stop())

  async function store(events: readonly NorthboundEvent[]) {
    const tables = await createTables(client)
    const endpoint = await client.config.endpoint?.()
    await storeProjections(`http://127.0.0.1:${endpoint?.port}`, tables.state, events)
    const documents = documentClient(client)
    const rooms = dynamodbRoomReader({ client: documents, eventLogTable: tables.eventLog, stateTable: tables.state })
    return { rooms, requests: countRequests(documents) }
  }

  it.each([1, 3, 7, 100])('lists everybody once, present participants first, with pages of %i', async (limit) => {
    const [present, left] = [range(9, 'present/'), range(11, 'left#')]
    const { rooms } = await store([
      ...visits('R', [...left, '𝄞', '\uffff']),
      ...joins('R', [...present, '𝄢', '\ufffe']),
      ...joins('R/2', ['elsewhere']),
      event('leave', { room_id: 'R', user_id: 'never present' }),
    ])
    const pages = await readPages(rooms, 'R', { limit })
    for (const { participants, joined } of pages) {
      expect(participants.length).toBeLessThanOrEqual(limit)
      expect(joined).toHaveLength(11)
    }
    const ids = idsOf(pages)
    expect(ids.slice(0, 11).toSorted()).toEqual([...present, '𝄢', '\ufffe'].toSorted())
    expect(ids.slice(11).toSorted()).toEqual([...left, '𝄞', '\uffff'].toSorted())
    const onlyPresent = await readPages(rooms, 'R', { limit, presentOnly: true })
    expect(idsOf(onlyPresent)).toEqual(ids.slice(0, 11))
    expect(participantsOf(onlyPresent).every(({ state }) => isPresent(state))).toBe(true)
  })

  it('lists everybody once if most of the users were never in the room', async () => {
    const left = range(60, 'u')
    const strangers = range(600, 'u').slice(60)
    const { rooms } = await store([
      ...visits('R', left),
      ...strangers.map((user_id) => event('leave', { room_id: 'R', user_id })),
    ])
    expect(idsOf(await readPages(rooms, 'R')).toSorted()).toEqual(left.toSorted())
  })

  it('has the room on every page and its recordings on the first', async () => {
    const recording = { room_id: 'R', exporter_id: 'E', event_type: 'success' }
    const { rooms } = await store([
      event('open', { room_id: 'R' }),
      event('start_record', recording),
      ...visits('R', range(3, 'u')),
    ])
    const [first, ...others] = await readPages(rooms, 'R', { limit: 2 })
    expect(first).toMatchObject({ room: { status: 'open' }, recordings: [{ exporter_id: 'E' }] })
    expect(others).toMatchObject([{ room: { status: 'open' }, recordings: [] }])
  })

  it('is empty for an unknown room', async () => {
    const { rooms } = await store(joins('R', ['a']))
    const unknown = { room: undefined, joined: [], participants: [], recordings: [], cursor: null }
    expect(await rooms.readRoom('unknown', request)).toEqual(unknown)
  })

  it('ends before it exceeds its bytes, but has at least one participant', async () => {
    const { rooms } = await store(joins('R', range(8, 'u')))
    const { participants } = await rooms.readRoom('R', { ...request, limit: 1 })
    const rowBytes = Buffer.byteLength(JSON.stringify(participants[0]))
    const sizesOf = (pages: readonly RoomDetails[]) => pages.map(({ participants }) => participants.length)
    expect(sizesOf(await readPages(rooms, 'R', { maxBytes: 3.5 * rowBytes }))).toEqual([3, 3, 2])
    expect(sizesOf(await readPages(rooms, 'R', { maxBytes: 1, presentOnly: true }))).toEqual([1, 1, 1, 1, 1, 1, 1, 1])
  })

  // The room with its recordings, the present participants, and the eight partitions.
  it.each([
    ['a small room', [...joins('R', range(20, 'u')), ...visits('R', range(10, 'v'))], 100, 30],
    ['a room with 1,000 present participants', joins('R', range(1000, 'u')), 1000, 1000],
    [
      'a room with 500 present and 500 past participants',
      [...joins('R', range(500, 'u')), ...visits('R', range(500, 'v'))],
      1000,
      1000,
    ],
  ])('reads %s with ten requests', async (_, events, limit, participants) => {
    const { rooms, requests } = await store(events)
    const page = await rooms.readRoom('R', { ...request, limit })
    expect(page).toMatchObject({ participants: { length: participants }, cursor: null })
    expect(requests()).toBe(10)
  })

  it('reads the first page of a room with many past visitors with one more request', async () => {
    const { rooms, requests } = await store([...visits('R', range(1000, 'v')), ...joins('R', ['x', 'y', 'z'])])
    const page = await rooms.readRoom('R', request)
    expect(idsOf([page]).slice(0, 3)).toEqual(['x', 'y', 'z'])
    expect(page.participants).toHaveLength(100)
    expect(requests()).toBe(11)
  })

  it.each([50, 250, 1000])('reads each page of %i of any room with at most twelve requests', async (limit) => {
    const [present, left] = [range(400, 'u'), range(2000, 'u/')]
    const { rooms, requests } = await store([...visits('R', left), ...joins('R', present)])
    const ids: string[] = []
    let cursor: string | null = null
    do {
      const before = requests()
      const page: RoomDetails = await rooms.readRoom('R', { ...request, limit, cursor })
      expect(requests() - before).toBeLessThanOrEqual(12)
      ids.push(...idsOf([page]))
      cursor = page.cursor
    } while (cursor !== null)
    expect(ids.slice(0, 400).toSorted()).toEqual(present.toSorted())
    expect(ids.slice(400).toSorted()).toEqual(left.toSorted())
  })

  it('rejects a cursor that it did not issue for this list', async () => {
    const { rooms } = await store([...joins('R', ['a', 'b']), ...visits('R', ['c', 'd'])])
    const cursorAfter = async (limit: number) => (await rooms.readRoom('R', { ...request, limit })).cursor
    const [inPresent, inLeft] = [await cursorAfter(1), await cursorAfter(3)]
    await expect(rooms.readRoom('S', { ...request, cursor: inPresent })).rejects.toThrow(InvalidCursorError)
    await expect(rooms.readRoom('R', { ...request, cursor: inLeft, presentOnly: true })).rejects.toThrow(
      InvalidCursorError,
    )
    for (const parts of ['x', '', '[1,2]', '["R","present"]', '["R","gone","a"]', '["R","left",{}]'])
      await expect(
        rooms.readRoom('R', { ...request, cursor: Buffer.from(parts).toString('base64url') }),
      ).rejects.toThrow(InvalidCursorError)
  })
})

function countRequests(documents: DynamoDBDocumentClient): () => number {
  let count = 0
  documents.middlewareStack.add(
    (next) => (args) => {
      count += 1
      return next(args)
    },
    { step: 'initialize' },
  )
  return () => count
}
