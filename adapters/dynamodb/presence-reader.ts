import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import pMap from 'p-map'
import type { PresenceReader } from '../../core/ports/presence-reader.ts'
import {
  type ListedPresence,
  type Presence,
  type StoredPresence,
  toStoredPresence,
} from '../../core/reconciliation/presence.ts'
import type { StatefulAggregateId } from '../../core/state/aggregate.ts'
import { timeOfOrder } from '../../core/state/order.ts'
import * as attributeNames from '../../names/attributes.ts'
import { indexes } from '../../names/indexes.ts'
import { readItems } from './batch-get.ts'
import { itemKey, keyText, timelineKeys } from './keys.ts'
import type { ListingEntry } from './listing-entry.ts'
import { listingPartition, listingShards } from './listing-keys.ts'
import { stateOf } from './packed-state.ts'
import type { ProjectionItem } from './projection-item.ts'
import { queryAll } from './query.ts'
import { queryTimeline } from './timeline-query.ts'

/** DynamoDB's limit of one BatchGetItem request. */
const maxBatchPresences = 100
const batchConcurrency = 4
/** Rooms whose last events are read at the same time, with a request for each partition of a room. */
const roomConcurrency = 4

export type PresenceTables = { readonly stateTable: string; readonly eventLogTable: string }

export function dynamodbPresenceReader(
  client: DynamoDBDocumentClient,
  { stateTable, eventLogTable }: PresenceTables,
): PresenceReader {
  async function listShard(shard: number, signal: AbortSignal | undefined): Promise<ListedPresence[]> {
    const query = {
      TableName: stateTable,
      IndexName: indexes.listing,
      KeyConditionExpression: '#list = :list',
      ExpressionAttributeNames: { '#list': attributeNames.list },
      ExpressionAttributeValues: { ':list': listingPartition('open', shard) },
    }
    const items = await queryAll<{ readonly listed: ListingEntry }>(client, query, signal)
    return items.map(({ listed }) => {
      const { room_id } = listed
      if ('user_id' in listed) return { room_id, user_id: listed.user_id }
      return listed.name === undefined ? { room_id } : { room_id, name: listed.name }
    })
  }

  return {
    async list(signal) {
      const shards = await Promise.all(Array.from({ length: listingShards }, (_, shard) => listShard(shard, signal)))
      return shards.flat()
    },

    async read(presences, signal) {
      const batches = Array.from({ length: Math.ceil(presences.length / maxBatchPresences) }, (_, index) =>
        presences.slice(index * maxBatchPresences, (index + 1) * maxBatchPresences),
      )
      const read = await pMap(batches, (batch) => readBatch(client, stateTable, batch, signal), {
        concurrency: batchConcurrency,
      })
      return read.flat()
    },

    async readLastEvents(roomIds, signal) {
      const times = await pMap(
        roomIds,
        async (roomId): Promise<[string, number]> => {
          const query = {
            client,
            eventLogTable,
            keys: timelineKeys(roomId),
            order: 'newest',
            maxEntries: 1,
            signal,
          } as const
          const { items } = await queryTimeline(query, undefined)
          return [roomId, timeOfOrder(items[0]?.order_key ?? '')]
        },
        { concurrency: roomConcurrency },
      )
      return new Map(times)
    },
  }
}

/** Keeps of each item only what a sweep needs: there may be very many. */
async function readBatch(
  client: DynamoDBDocumentClient,
  stateTable: string,
  presences: readonly Presence[],
  signal: AbortSignal | undefined,
): Promise<StoredPresence[]> {
  const keys = presences.map((presence) => itemKey(aggregateIdOf(presence)))
  const items = await readItems<ProjectionItem>(client, stateTable, keys, { consistent: true, signal })
  return presences.flatMap((presence, index) => {
    const key = keys[index]
    const item = key && items.get(keyText(key))
    return (item && toStoredPresence(presence, { state: stateOf(item), watermark: item.watermark })) ?? []
  })
}

function aggregateIdOf({ room_id, user_id }: Presence): StatefulAggregateId {
  return user_id === undefined ? { kind: 'room', room_id } : { kind: 'participant', room_id, user_id }
}
