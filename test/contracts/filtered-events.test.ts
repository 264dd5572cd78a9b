import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import fc from 'fast-check'
import pMap from 'p-map'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { documentClient } from '../../adapters/dynamodb/client.ts'
import { dynamodbRoomReader } from '../../adapters/dynamodb/room-reader.ts'
import { InvalidCursorError, type Order } from '../../core/ports/page.ts'
import { allTime, isWithin } from '../../core/ports/period.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { aggregateOf, streamOf } from '../../core/state/aggregate.ts'
import { orderKey, sortBy } from '../../core/state/order.ts'
import { createTables, dynamodbDependencies, startDynalite } from '../support/dynamodb.ts'
import { event, warningAt } from '../support/events.ts'
import { countRequests, readPages } from '../support/pages.ts'

const users = ['U1', 'U2', 'U3', 'U4', 'U5']
const anyRoomEvents = fc.uniqueArray(
  fc
    .record({
      name: fc.constantFrom('join', 'publish', 'leave', 'open'),
      user_id: fc.constantFrom(...users),
      at: fc.integer({ min: 1, max: 8 }),
      trace: fc.constantFrom('a', 'b'),
    })
    .map(({ name, user_id, at, trace }) => event(name, { user_id, stream_id: 's' }, { at, trace })),
  { selector: (one) => JSON.stringify([streamOf(aggregateOf(one)), one.trace_id]), minLength: 1, maxLength: 30 },
)
const anyPeriod = fc
  .tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 9 }))
  .map(([from, length]) => ({ from, to: from + length }))
const anyRequest = fc.record({
  limit: fc.integer({ min: 1, max: 4 }),
  order: fc.constantFrom<Order>('oldest', 'newest'),
  period: fc.option(anyPeriod, { nil: undefined }),
  user_id: fc.option(fc.constantFrom(...users), { nil: undefined }),
  event: fc.option(fc.constantFrom('join', 'open', 'none'), { nil: undefined }),
})

describe('the filtered event log', () => {
  let client: DynamoDBClient
  let stop: () => void
  beforeAll(async () => {
    ;({ client, stop } = await startDynalite())
  })
  afterAll(() => stop())

  async function open(events: readonly NorthboundEvent[]) {
    const documents = documentClient(client)
    const tables = await createTables(client)
    const { log } = dynamodbDependencies(documents, tables)
    await pMap(events, (one) => log.append(one), { concurrency: 16 })
    const rooms = dynamodbRoomReader({ client: documents, eventLogTable: tables.eventLog, stateTable: tables.state })
    return { log, rooms, documents }
  }

  it('has each event of a room that passes every filter once, in order', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyRoomEvents,
        fc.array(anyRequest, { minLength: 5, maxLength: 5 }),
        async (events, requests) => {
          const { rooms } = await open(events)
          for (const request of requests) {
            const { period = allTime, user_id, event: name, order } = request
            const wanted = sortBy(events, orderKey).filter(
              (one) =>
                isWithin(one.received_at, period) &&
                (name === undefined || one.event === name) &&
                (user_id === undefined || (one.event !== 'open' && one.params.user_id === user_id)),
            )
            const read = await readPages((cursor) => rooms.readTimeline('R', { ...request, cursor }))
            const keys = read.map((entry) => orderKey(entry.event))
            expect(keys).toEqual((order === 'oldest' ? wanted : wanted.toReversed()).map(orderKey))
            if (name === undefined) continue
            for (const { event: found } of read) expect(found.event).toBe(name)
          }
        },
      ),
      { numRuns: 15 },
    )
  })

  it.each<[order: Order, times: number[]]>([
    ['oldest', [2, 3]],
    ['newest', [3, 2]],
  ])('ends with the interval in every partition (%s first)', async (order, times) => {
    const at = [1, 2, 3, 4]
    const { rooms } = await open(
      at.flatMap((time) => [
        event('open', {}, { at: time }),
        ...users.map((user_id) => event('join', { user_id }, { at: time })),
      ]),
    )
    const read = await readPages((cursor) =>
      rooms.readTimeline('R', { limit: 1, cursor, order, period: { from: 2, to: 4 } }),
    )
    const found = read.map((entry) => entry.event.received_at)
    expect(found).toEqual(times.flatMap((time) => Array.from({ length: users.length + 1 }, () => time)))
  })

  it('has each warning of a media server in the interval once, in order', async () => {
    const times = [5, 1, 9, 3, 7, 3]
    const { rooms } = await open([
      ...times.map((at) => warningAt(at)),
      warningAt(4, 8088, 'B2'),
      warningAt(4, 8088, 'B/1'),
    ])
    const read = async (order: Order, period = allTime) => {
      const entries = await readPages((cursor) => rooms.readWarnings('B', { limit: 2, cursor, order, period }))
      return entries.map((entry) => entry.event.received_at)
    }
    expect(await read('oldest')).toEqual([1, 3, 3, 5, 7, 9])
    expect(await read('newest', { from: 3, to: 9 })).toEqual([7, 5, 3, 3])
    const { cursor } = await rooms.readWarnings('B', { limit: 1, cursor: null, order: 'oldest' })
    const wrong = rooms.readWarnings('B2', { limit: 1, cursor, order: 'oldest' })
    await expect(wrong).rejects.toThrow(InvalidCursorError)
  })

  it('has the quarantined events of a user among the others', async () => {
    const { log, rooms } = await open([event('join', { user_id: 'U1' }, { at: 1 })])
    for (const user_id of ['U1', 'U2', 'U"1', '"user_id":"U1"']) {
      const bad = event('join', { user_id }, { at: 5 })
      await log.quarantine({ id: user_id, reason: 'invalid', received_at: 5, event: bad, body: undefined })
    }
    const request = { limit: 10, cursor: null, order: 'oldest', user_id: 'U1' } as const
    const { items } = await rooms.readTimeline('R', request)
    expect(items.map(({ event: { params }, quarantined }) => [params.user_id, quarantined])).toEqual([
      ['U1', undefined],
      ['U1', 'invalid'],
    ])
  })

  it('rejects a cursor of another interval', async () => {
    const { rooms } = await open([1, 2, 3].map((at) => event('join', {}, { at })))
    const { cursor } = await rooms.readTimeline('R', { limit: 1, cursor: null, order: 'oldest' })
    const request = { limit: 1, cursor, order: 'oldest', period: { from: 2, to: 9 } } as const
    await expect(rooms.readTimeline('R', request)).rejects.toThrow(InvalidCursorError)
  })

  it('stops a page after 20 requests, and continues with the cursor', async () => {
    const { rooms, documents } = await open(
      Array.from({ length: 12 }, (_, at) =>
        event('join', { user_id: 'U1', user_name: 'n'.repeat(300_000) }, { at: at + 1 }),
      ),
    )
    const requests = countRequests(documents)
    const request = { limit: 10, order: 'oldest', event: 'leave' } as const
    // A query reads 1 MB, which is about three of these events.
    const pages: number[] = []
    const read = await readPages(async (cursor) => {
      const before = requests()
      const page = await rooms.readTimeline('R', { ...request, cursor })
      pages.push(requests() - before)
      return page
    })
    expect(read).toEqual([])
    expect(pages.length).toBeGreaterThan(1)
    expect(Math.max(...pages)).toBeLessThanOrEqual(20)
  })
})
