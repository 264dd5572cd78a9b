import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import fc from 'fast-check'
import pMap from 'p-map'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { documentClient } from '../../adapters/dynamodb/client.ts'
import { dynamodbRoomReader } from '../../adapters/dynamodb/room-reader.ts'
import { scanTimeline } from '../../adapters/dynamodb/timeline-scan.ts'
import { InvalidCursorError, type Order, type Page } from '../../core/ports/page.ts'
import type { RoomReader, TimelineEntry } from '../../core/ports/room-reader.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { aggregateOf, streamOf } from '../../core/state/aggregate.ts'
import { orderKey, sortBy } from '../../core/state/order.ts'
import { createTables, dynamodbClient, dynamodbDependencies, startDynalite } from '../support/dynamodb.ts'
import { event, warningAt } from '../support/events.ts'

/** `.ci/run` sets the address of DynamoDB Local. */
const localUrl = process.env.DYNAMODB_LOCAL_URL

const users = Array.from({ length: 24 }, (_, index) => `U${index}`)
/** Few times and trace ids, so that events of several users have the same order key. */
const anyRoomEvent = fc
  .record({
    name: fc.constantFrom('join', 'join', 'publish', 'leave', 'open', 'start_record', 'hologram_on'),
    user_id: fc.constantFrom(...users),
    at: fc.integer({ min: 1, max: 3 }),
    trace: fc.constantFrom('a', '\u{1D11E}', '\uFFFE'),
  })
  .map(({ name, user_id, at, trace }) => event(name, { user_id, stream_id: 's' }, { at, trace }))
const identityOf = (one: NorthboundEvent) => JSON.stringify([streamOf(aggregateOf(one)), one.trace_id])
const anyRoomEvents = fc.uniqueArray(anyRoomEvent, { selector: identityOf, minLength: 1, maxLength: 40 })

const utf8Order = (one: NorthboundEvent) => Buffer.from(orderKey(one)).toString('hex')

async function readPages(readPage: (cursor: string | null) => Promise<Page<TimelineEntry>>) {
  const pages: NorthboundEvent[][] = []
  let cursor: string | null = null
  do {
    const page: Page<TimelineEntry> = await readPage(cursor)
    pages.push(page.items.map((entry) => entry.event))
    cursor = page.cursor
  } while (cursor !== null)
  return pages
}

function timelineContract(start: () => Promise<{ client: DynamoDBClient; stop: () => void }>): void {
  let client: DynamoDBClient
  let documents: DynamoDBDocumentClient
  let stop: () => void
  beforeAll(async () => {
    ;({ client, stop } = await start())
    documents = documentClient(client)
  })
  afterAll(() => stop())

  async function open(events: readonly NorthboundEvent[]) {
    const tables = await createTables(client)
    const { log } = dynamodbDependencies(documents, tables)
    const append = (more: readonly NorthboundEvent[]) => pMap(more, (one) => log.append(one), { concurrency: 16 })
    await append(events)
    const rooms: RoomReader = dynamodbRoomReader({
      client: documents,
      eventLogTable: tables.eventLog,
      stateTable: tables.state,
    })
    const read = (limit: number, order: Order) => (cursor: string | null) =>
      rooms.readTimeline('R', { limit, cursor, order })
    return { log, rooms, append, read, tables }
  }

  it('has every event once, in order, on full pages of any size', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyRoomEvents,
        fc.integer({ min: 1, max: 7 }),
        fc.constantFrom<Order>('oldest', 'newest'),
        async (events, limit, order) => {
          const { read } = await open([...events, event('join', { room_id: 'R/1', user_id: 'U1' })])
          const pages = await readPages(read(limit, order))
          const sorted = sortBy(events, utf8Order).map(utf8Order)
          expect(pages.flat().map(utf8Order)).toEqual(order === 'oldest' ? sorted : sorted.toReversed())
          expect(pages.flat().map(identityOf).toSorted()).toEqual(events.map(identityOf).toSorted())
          for (const page of pages.slice(0, -1)) expect(page).toHaveLength(limit)
        },
      ),
      { numRuns: 30 },
    )
  })

  it.each<Order>(['oldest', 'newest'])(
    'continues after the same event if others were added meanwhile (%s first)',
    async (order) => {
      const at = (user_id: string, ms: number) => event('join', { user_id }, { at: ms })
      const { append, read } = await open(users.map((user_id, index) => at(user_id, 100 + 10 * index)))
      const first = await read(10, order)(null)
      const before = order === 'oldest' ? 105 : 325
      const after = order === 'oldest' ? 305 : 115
      await append(users.flatMap((user_id) => [at(user_id, before), at(user_id, after)]))
      const rest = await readPages((cursor) => read(10, order)(cursor ?? first.cursor))
      const times = rest.flat().map(({ received_at }) => received_at)
      expect(times.filter((ms) => ms === before)).toEqual([])
      expect(times.filter((ms) => ms === after)).toHaveLength(users.length)
      expect(times.filter((ms) => ms % 10 === 0)).toHaveLength(users.length - 10)
      expect(times).toEqual(times.toSorted((one, other) => (order === 'oldest' ? one - other : other - one)))
    },
  )

  it('is in order although some events are so large that a query returns only some of them', async () => {
    const large = Array.from({ length: 16 }, (_, index) =>
      event('update', { user_id: 'U0', user_name: 'x'.repeat(300_000) }, { at: 10 * index }),
    )
    const small = users.map((user_id, index) => event('join', { user_id }, { at: 5 * index + 1 }))
    const { read } = await open([...large, ...small])
    for (const order of ['oldest', 'newest'] as const) {
      const pages = await readPages(read(100, order))
      expect(pages.length).toBeGreaterThan(1)
      const sorted = sortBy([...large, ...small], orderKey).map(orderKey)
      expect(pages.flat().map(orderKey)).toEqual(order === 'oldest' ? sorted : sorted.toReversed())
    }
  })

  it('is scanned for an interval, with every room and media server, on several pages', async () => {
    const large = { user_name: 'x'.repeat(300_000) }
    const inside = [
      ...[10, 11, 12, 19].map((at) => event('update', { room_id: `R${at}`, ...large }, { at })),
      warningAt(15),
    ]
    const outside = [event('join', {}, { at: 9 }), event('update', large, { at: 20 })]
    const { tables } = await open([...inside, ...outside])
    const pages = []
    for await (const entries of scanTimeline(documents, tables.eventLog, { from: 10, to: 20 })) pages.push(entries)
    expect(pages.length).toBeGreaterThan(1)
    const found = pages.flat().map((entry) => identityOf(entry.event))
    expect(found.toSorted()).toEqual(inside.map(identityOf).toSorted())
  })

  it('reads a page with eight requests', async () => {
    const { read } = await open(users.flatMap((user_id) => [event('join', { user_id }), event('leave', { user_id })]))
    let requests = 0
    documents.middlewareStack.add(
      (next) => (args) => {
        requests += 1
        return next(args)
      },
      { step: 'initialize', name: 'count' },
    )
    const { cursor } = await read(20, 'oldest')(null)
    await read(20, 'oldest')(cursor)
    documents.middlewareStack.remove('count')
    expect(requests).toBe(16)
  })

  it('contains quarantined events, and continues after them', async () => {
    const { log, read } = await open([event('join', { user_id: 'U1' }, { at: 10 })])
    for (const user_id of users) {
      const bad = event('join', { user_id }, { at: 5 })
      await log.quarantine({ id: user_id, reason: 'invalid', received_at: 5, event: bad, body: undefined })
    }
    const pages = await readPages(read(1, 'oldest'))
    expect(pages.flat().map(({ received_at }) => received_at)).toEqual([...users.map(() => 5), 10])
  })

  it('contains events that another one with their trace_id precedes, at their first time, in any order of records', async () => {
    const leave = event('leave', { user_id: 'U1' }, { at: 10, trace: 'shared' })
    const joinAt = (at: number) => event('join', { user_id: 'U1' }, { at, trace: 'shared' })
    const { log, read } = await open([leave])
    const readTimes = async () => (await readPages(read(5, 'oldest'))).flat().map(({ received_at }) => received_at)
    await log.recordConflict(joinAt(20), leave)
    await log.recordConflict(joinAt(30), leave)
    await log.recordConflict(joinAt(15), undefined)
    expect(await readTimes()).toEqual([10, 15])
    await log.recordConflict(joinAt(5), undefined)
    await log.recordConflict(joinAt(20), leave)
    expect(await readTimes()).toEqual([10])
  })

  it('rejects a cursor that it did not issue for this room', async () => {
    const { rooms, read } = await open(users.map((user_id) => event('join', { user_id })))
    const { cursor } = await read(1, 'oldest')(null)
    const page = { limit: 1, order: 'oldest' } as const
    await expect(rooms.readTimeline('S', { ...page, cursor })).rejects.toThrow(InvalidCursorError)
    for (const parts of [
      '["room/R/user/U","t","000000000000001.1.t"]',
      '[8,"room/R/user/U","t","000000000000001.1.t"]',
      '[-1,"room/R/user/U","t","000000000000001.1.t"]',
      '[0.5,"room/R/user/U","t","000000000000001.1.t"]',
      '["0","room/R/user/U","t","000000000000001.1.t"]',
      '["length","room/R/user/U","t","000000000000001.1.t"]',
      '[0,"room/R/user/U","t",""]',
      '[0,"room/R/user/U",{},"000000000000001.1.t"]',
      '[0,"room/R/user/U","t","1"]',
      '[0,"room/R2/user/U","t","000000000000001.1.t"]',
      '[0,"room/R/user/U","t","000000000000001.1.t",0]',
      'x',
      '',
    ])
      await expect(
        rooms.readTimeline('R', { ...page, cursor: Buffer.from(parts).toString('base64url') }),
      ).rejects.toThrow(InvalidCursorError)
  })
}

describe('the timeline of a room on dynalite', () => timelineContract(startDynalite))

describe.runIf(localUrl)('the timeline of a room on DynamoDB Local', () =>
  timelineContract(async () => {
    const client = dynamodbClient(localUrl ?? '')
    return { client, stop: () => client.destroy() }
  }),
)
