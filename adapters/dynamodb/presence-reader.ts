import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import pMap from 'p-map'
import type { PresenceReader } from '../../core/ports/presence-reader.ts'
import { type Presence, toStoredPresence } from '../../core/reconciliation/presence.ts'
import type { AggregateId } from '../../core/state/aggregate.ts'
import { timeOfOrder } from '../../core/state/order.ts'
import * as attributeNames from '../../names/attributes.ts'
import { indexes } from '../../names/indexes.ts'
import type { ListingEntry } from './listing-entry.ts'
import { listingPartition, listingShards } from './listing-keys.ts'
import { readProjections } from './projection-store.ts'
import { queryAll } from './query.ts'
import { queryTimeline } from './timeline-query.ts'

/** Rooms whose last events are read at the same time, with a request for each partition of a room. */
const roomConcurrency = 4

export type PresenceTables = { readonly stateTable: string; readonly eventLogTable: string }

export function dynamodbPresenceReader(
  client: DynamoDBDocumentClient,
  { stateTable, eventLogTable }: PresenceTables,
): PresenceReader {
  async function listShard(shard: number, signal: AbortSignal | undefined): Promise<Presence[]> {
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
      return 'user_id' in listed ? { room_id, user_id: listed.user_id } : { room_id }
    })
  }

  return {
    async list(signal) {
      const shards = await Promise.all(Array.from({ length: listingShards }, (_, shard) => listShard(shard, signal)))
      return shards.flat()
    },

    async read(presences, signal) {
      const projections = await readProjections(client, stateTable, presences.map(aggregateIdOf), signal)
      return projections.flatMap((projection, index) => {
        const presence = presences[index]
        return (presence && toStoredPresence(presence, projection)) ?? []
      })
    },

    async readLastEvents(roomIds, signal) {
      const times = await pMap(
        roomIds,
        async (roomId): Promise<[string, number][]> => {
          const query = { client, eventLogTable, roomId, order: 'newest', maxEntries: 1, signal } as const
          const { items } = await queryTimeline(query, undefined)
          return items.slice(0, 1).map(({ order_key }) => [roomId, timeOfOrder(order_key)])
        },
        { concurrency: roomConcurrency },
      )
      return new Map(times.flat())
    },
  }
}

function aggregateIdOf({ room_id, user_id }: Presence): AggregateId {
  return user_id === undefined ? { kind: 'room', room_id } : { kind: 'participant', room_id, user_id }
}
