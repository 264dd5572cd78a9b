import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { itemBytes } from '@northbound/template-runner'
import pMap from 'p-map'
import { documentClient } from '../adapters/dynamodb/client.ts'
import { type ProjectionItem, toProjectionItem } from '../adapters/dynamodb/projection-item.ts'
import { emptyProjection, type Projection } from '../core/projection/projection.ts'
import { addRecentEvents } from '../core/projection/recent-events.ts'
import type { NorthboundEvent } from '../core/protocol/events.ts'
import { aggregateOf, streamOf } from '../core/state/aggregate.ts'
import { evolve } from '../core/state/fold.ts'
import { orderKey, sortBy } from '../core/state/order.ts'

const maxBatchItems = 25
const writeConcurrency = 16
const retentionDays = 400

/**
 * Bytes of the stored item of a projection.
 *
 * @param events of one aggregate, in order and without duplicates.
 * @param changes replace properties of the projection.
 */
export function storedProjectionSize(events: readonly NorthboundEvent[], changes: Partial<Projection> = {}): number {
  return itemBytes(marshalProjection(events, changes))
}

/** The item of a projection in the wire format. */
export function marshalProjection(events: readonly NorthboundEvent[], changes: Partial<Projection> = {}) {
  const item = toProjectionItem({ ...project(events), ...changes }, retentionDays)
  const marshalled = marshall(item, { removeUndefinedValues: true })
  return JSON.parse(JSON.stringify(marshalled, encodeBinary))
}

/** Projections as items of the state table. @param events in any order, without duplicates. */
export function createProjectionItems(events: Iterable<NorthboundEvent>): ProjectionItem[] {
  const streams = Map.groupBy(sortBy(events, orderKey), (event) => streamOf(aggregateOf(event)))
  return [...streams.values()].map((streamEvents) => toProjectionItem(project(streamEvents), retentionDays))
}

/**
 * Writes the projections of these events directly to the table, which is faster than applying the events.
 *
 * @param events in any order, without duplicates.
 */
export async function storeProjections(
  dynamodbUrl: string,
  stateTable: string,
  events: Iterable<NorthboundEvent>,
): Promise<void> {
  const client = new DynamoDBClient({
    endpoint: dynamodbUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 's' },
  })
  const documents = documentClient(client)
  const items = createProjectionItems(events)
  const batches = Array.from({ length: Math.ceil(items.length / maxBatchItems) }, (_, index) =>
    items.slice(index * maxBatchItems, (index + 1) * maxBatchItems),
  )
  await pMap(
    batches,
    (batch) =>
      documents.send(
        new BatchWriteCommand({ RequestItems: { [stateTable]: batch.map((Item) => ({ PutRequest: { Item } })) } }),
      ),
    { concurrency: writeConcurrency },
  )
  client.destroy()
}

function project(events: readonly NorthboundEvent[]): Projection {
  const last = events.at(-1)
  if (last === undefined) throw new Error('a projection needs at least one event')
  return {
    ...emptyProjection(aggregateOf(last)),
    state: evolve(undefined, events, [], { alertWindowMs: 0, timeZone: 'Asia/Shanghai' }),
    watermark: orderKey(last),
    recentEvents: addRecentEvents([], events),
  }
}

/** Replaces binary values by base64, as in the wire format. */
function encodeBinary(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('B' in value)) return value
  return { B: Buffer.from(value.B as Uint8Array).toString('base64') }
}
