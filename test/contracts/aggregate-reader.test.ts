import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import pMap from 'p-map'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dynamodbAggregateReader } from '../../adapters/dynamodb/aggregate-reader.ts'
import { documentClient } from '../../adapters/dynamodb/client.ts'
import { memoryEventLog } from '../../adapters/memory/event-log.ts'
import type { AggregateReader } from '../../core/ports/aggregate-reader.ts'
import type { EventLog } from '../../core/ports/event-log.ts'
import { InvalidCursorError } from '../../core/ports/page.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { aggregateOf, streamOf } from '../../core/state/aggregate.ts'
import { createTables, dynamodbDependencies, startDynalite } from '../support/dynamodb.ts'
import { event, warningAt } from '../support/events.ts'

const odd = ['a/b', 'a#b', '%', '~', 'é王', 'x'.repeat(300)]
const events: NorthboundEvent[] = [
  ...odd.flatMap((id) => [
    event('open', { room_id: id }),
    event('close', { room_id: id, event_type: 'user' }),
    event('join', { room_id: id, user_id: id }),
    event('leave', { room_id: id, user_id: id, event_type: 'normal' }),
    event('start_record', { room_id: id, exporter_id: id, event_type: 'success' }),
  ]),
  ...Array.from({ length: 30 }, (_, index) => event('join', { room_id: 'many', user_id: `U${index}` })),
  warningAt(5),
]
const withoutState = [event('hologram_on', { room_id: 'many' }), event('hologram_on', { room_id: '' })]
const streamsOf = (list: readonly NorthboundEvent[]) => [...new Set(list.map(aggregateOf).map(streamOf))].sort()

/** Reads all pages, each with the cursor of the page before. @returns the streams in the order of the list. */
async function readAll(list: (cursor: string | null) => ReturnType<AggregateReader['list']>): Promise<string[]> {
  const streams: string[] = []
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<AggregateReader['list']>> = await list(cursor)
    streams.push(...page.items.map(({ aggregate }) => streamOf(aggregate)))
    cursor = page.next
  } while (cursor !== null)
  return streams
}

function readerContract(open: () => Promise<{ log: EventLog; reader: AggregateReader }>): void {
  let log: EventLog
  let reader: AggregateReader
  beforeAll(async () => {
    ;({ log, reader } = await open())
    await pMap([...events, ...withoutState], (one) => log.append(one), { concurrency: 16 })
    const bad = event('join', { room_id: 'bad', user_id: 'bad' })
    await log.quarantine({ id: 'x', reason: 'invalid', received_at: 1, event: bad, body: undefined })
    await log.recordConflict(bad, undefined)
    await log.quarantine({ id: 'y', reason: 'invalid', received_at: 1, event: undefined, body: 'not JSON' })
  })

  it('lists every aggregate that has a state once', async () => {
    expect((await readAll((cursor) => reader.list(cursor))).sort()).toEqual(streamsOf(events))
  })

  it('continues after any of the aggregates', async () => {
    const all = await readAll((cursor) => reader.list(cursor))
    const first = await reader.list(null)
    for (const [index, { cursor }] of first.items.entries())
      expect(await readAll((next) => reader.list(next ?? cursor))).toEqual(all.slice(index + 1))
  })

  it('knows which aggregates have events', async () => {
    expect(await reader.hasEvents({ kind: 'participant', room_id: 'many', user_id: 'U1' })).toBe(true)
    expect(await reader.hasEvents({ kind: 'room', room_id: 'many' })).toBe(false)
  })

  it('lists the aggregates of a room only, and continues after any of them', async () => {
    for (const roomId of [...odd, 'many']) {
      const { items, next } = await reader.listOfRoom(roomId, null)
      const ofRoom = events.filter(({ params }) => params.room_id === roomId)
      expect(items.map(({ aggregate }) => streamOf(aggregate)).sort()).toEqual(streamsOf(ofRoom))
      expect(next).toBeNull()
      const rest = await reader.listOfRoom(roomId, items[1]?.cursor ?? null)
      expect(rest.items).toEqual(items.slice(2))
    }
    expect(await reader.listOfRoom('bad', null)).toEqual({ items: [], next: null })
  })
}

describe('the aggregate reader in memory', () => {
  readerContract(async () => {
    const log = memoryEventLog()
    return { log, reader: log }
  })
})

describe('dynamodbAggregateReader', () => {
  let client: DynamoDBClient
  let documents: DynamoDBDocumentClient
  let stop: () => void
  beforeAll(async () => {
    ;({ client, stop } = await startDynalite())
    documents = documentClient(client)
  })
  afterAll(() => stop())

  async function open() {
    const tables = await createTables(client)
    const { log } = dynamodbDependencies(documents, tables)
    return { log, reader: dynamodbAggregateReader(documents, tables.eventLog) }
  }
  readerContract(open)

  it('reads one page of a stream that fills several, whatever its trace ids are', async () => {
    const { log, reader } = await open()
    const user_name = 'n'.repeat(100_000)
    // The last characters that a key can have sort after all others.
    const traces = [...Array.from({ length: 40 }, (_, index) => `t${index}`), '\u{10FFFF}'.repeat(50), 'z'.repeat(300)]
    await pMap(traces, (trace) => log.append(event('update', { user_id: 'long', user_name }, { trace })), {
      concurrency: 8,
    })
    for (const user_id of ['a', 'b', 'c']) await log.append(event('join', { user_id }))
    let requests = 0
    const streams = await readAll((cursor) => {
      requests += 1
      return reader.list(cursor)
    })
    expect(streams.sort()).toEqual(
      ['a', 'b', 'c', 'long'].map((user_id) => streamOf({ kind: 'participant', room_id: 'R', user_id })).sort(),
    )
    // 4.2 MB in the log are five pages.
    expect(requests).toBeLessThanOrEqual(3)
  })

  it('rejects a cursor that it did not issue', async () => {
    const { reader } = await open()
    for (const cursor of [
      'x',
      '',
      Buffer.from('[]').toString('base64url'),
      Buffer.from('["a",1]').toString('base64url'),
    ])
      for (const list of [reader.list(cursor), reader.listOfRoom('R', cursor)])
        await expect(list).rejects.toThrow(InvalidCursorError)
  })
})
