import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'
import fc from 'fast-check'
import pMap from 'p-map'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { documentClient } from '../../adapters/dynamodb/client.ts'
import { dynamodbRoomReader } from '../../adapters/dynamodb/room-reader.ts'
import { InvalidCursorError } from '../../core/ports/page.ts'
import { allTime, isWithin } from '../../core/ports/period.ts'
import type { RoomListRequest, RoomReader, RoomStatusFilter } from '../../core/ports/room-reader.ts'
import { applyUntilDone } from '../support/apply.ts'
import { createTables, dynamodbDependencies, startDynalite } from '../support/dynamodb.ts'
import { event } from '../support/events.ts'
import { countRequests, readPages } from '../support/pages.ts'

const minute = 60_000
type Room = {
  readonly id: string
  readonly name: string | null
  readonly openedAt: number
  readonly closedAt: number | null
}

const namesOfRooms = ['Physics', '周会 A', null, 'physics lab', 'ＰＨＹＳＩＣＳ']
const roomsToCreate = Array.from({ length: 40 }, (_, index): Room => {
  const openedAt = ((index * 7) % 40) * minute + 1
  return {
    id: index % 10 === 0 ? `Room/${index}~%#` : `room-${index}`,
    name: namesOfRooms[index % namesOfRooms.length] ?? null,
    openedAt,
    // Some rooms are closed at the same time.
    closedAt: index % 3 === 0 ? null : openedAt + (index % 2) * 5 * minute + minute,
  }
})

function eventsOf({ id: room_id, name, openedAt, closedAt }: Room) {
  const source = 'reconcile'
  return [
    event('open', { room_id }, { at: openedAt }),
    ...(name === null ? [] : [event('name_room', { room_id, room_name: name }, { at: openedAt + 1, source })]),
    ...(closedAt === null
      ? [event('join', { room_id, user_id: 'U' }, { at: openedAt + 2 })]
      : [event('close', { room_id, event_type: 'user' }, { at: closedAt })]),
  ]
}

const timeOf = ({ openedAt, closedAt }: Room) => closedAt ?? openedAt
const anyMinute = fc.integer({ min: 0, max: 50 })
const anyRequest = fc.record({
  status: fc.constantFrom<RoomStatusFilter>('open', 'closed', 'all'),
  limit: fc.integer({ min: 1, max: 15 }),
  q: fc.constantFrom(undefined, 'physics', 'PHYS', '周', 'room-1', 'ROOM/', 'none'),
  period: fc.option(
    fc.tuple(anyMinute, anyMinute).map(([from, length]) => ({ from: from * minute, to: (from + length + 1) * minute })),
    { nil: undefined },
  ),
})

describe('the filtered list of rooms', () => {
  let client: DynamoDBClient
  let documents: DynamoDBDocumentClient
  let stop: () => void
  let stateTable: string
  let rooms: RoomReader
  beforeAll(async () => {
    ;({ client, stop } = await startDynalite())
    const tables = await createTables(client)
    stateTable = tables.state
    documents = documentClient(client)
    await applyUntilDone(dynamodbDependencies(documents, tables), roomsToCreate.flatMap(eventsOf))
    rooms = dynamodbRoomReader({ client: documents, eventLogTable: tables.eventLog, stateTable })
  })
  afterAll(() => stop())

  const readAll = (status: RoomStatusFilter, request: Omit<RoomListRequest, 'cursor'>) =>
    readPages((cursor) => rooms.listRooms(status, { ...request, cursor }))

  it('has each room that passes every filter once, closed ones after open ones, the newest close first', async () => {
    await fc.assert(
      fc.asyncProperty(anyRequest, async ({ status, ...request }) => {
        const { q = '', period = allTime } = request
        const wanted = roomsToCreate.filter(
          (room) =>
            (status === 'all' || (status === 'open') === (room.closedAt === null)) &&
            isWithin(timeOf(room), period) &&
            `${room.id} ${room.name}`.normalize('NFKC').toLowerCase().includes(q.toLowerCase()),
        )
        const read = await readAll(status, request)
        expect(read.map(({ room_id }) => room_id).sort()).toEqual(wanted.map(({ id }) => id).sort())
        const statuses = read.map(({ state }) => state.status)
        expect(statuses).toEqual(statuses.toSorted().reverse())
        const closes = read.flatMap(({ state }) => state.closed_at ?? [])
        expect(closes).toEqual(closes.toSorted((one, other) => other - one))
        for (const { state, joined } of read) expect(joined).toHaveLength(state.status === 'open' ? 1 : 0)
      }),
      { numRuns: 60 },
    )
  })

  it('finds a closed room by its id as it is listed', async () => {
    const listed = await readAll('closed', { limit: 100 })
    for (const room of listed.slice(0, 5)) expect(await rooms.findRoom(room.room_id)).toEqual(room)
  })

  it('rejects a cursor of another list', async () => {
    const closed = await rooms.listRooms('closed', { limit: 1, cursor: null })
    const open = await rooms.listRooms('open', { limit: 1, cursor: null })
    const period = { from: 0, to: minute }
    for (const [status, request] of [
      ['open', { cursor: closed.cursor }],
      ['closed', { cursor: open.cursor }],
      ['closed', { cursor: closed.cursor, period }],
    ] as const)
      await expect(rooms.listRooms(status, { limit: 1, ...request })).rejects.toThrow(InvalidCursorError)
  })

  it('reads the newest of many closed rooms with one request of each partition', async () => {
    const requests = countRequests(documents)
    await rooms.listRooms('closed', { limit: 10, cursor: null })
    expect(requests()).toBe(3)
  })

  it('stops a page after 20 requests, and continues with the cursor', async () => {
    const put = (index: number) => {
      const list_order = `${String(index + 1).padStart(15, '0')}#big-${index}`
      const listed = {
        room_id: `big-${index}`,
        status: 'closed',
        opened_at: 1,
        closed_at: index + 1,
        name: 'n'.repeat(250_000),
      }
      const Item = { group: `room/big-${index}`, item: 'room', list: `closed#${index % 3}`, list_order, listed }
      return documents.send(new PutCommand({ TableName: stateTable, Item }))
    }
    await pMap(
      Array.from({ length: 90 }, (_, index) => index),
      put,
      { concurrency: 8 },
    )
    const requests = countRequests(documents)
    const first = await rooms.listRooms('closed', { limit: 10, cursor: null, q: 'unknown' })
    expect(first).toMatchObject({ items: [], cursor: expect.any(String) })
    expect(requests()).toBeLessThanOrEqual(20)
    expect(await readAll('closed', { limit: 10, q: 'big-77' })).toHaveLength(1)
  })
})
