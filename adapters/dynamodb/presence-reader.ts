import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { PresenceReader } from '../../core/ports/presence-reader.ts'
import type { Projection } from '../../core/projection/projection.ts'
import type { Presence, StoredPresence } from '../../core/reconciliation/presence.ts'
import type { AggregateId } from '../../core/state/aggregate.ts'
import { isPresent } from '../../core/state/participant.ts'
import * as attributeNames from '../../names/attributes.ts'
import { indexes } from '../../names/indexes.ts'
import type { ListingEntry } from './listing-entry.ts'
import { listingPartition, listingShards } from './listing-keys.ts'
import { lastChangeTime } from './projection-item.ts'
import { readProjections } from './projection-store.ts'
import { queryAll } from './query.ts'

export function dynamodbPresenceReader(client: DynamoDBDocumentClient, stateTable: string): PresenceReader {
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
        return presence === undefined ? [] : toStoredPresence(presence, projection)
      })
    },
  }
}

function aggregateIdOf({ room_id, user_id }: Presence): AggregateId {
  return user_id === undefined ? { kind: 'room', room_id } : { kind: 'participant', room_id, user_id }
}

/** Returns an empty list if the projection has no state. */
function toStoredPresence({ room_id, user_id }: Presence, projection: Projection): StoredPresence[] {
  const presence = user_id === undefined ? { room_id } : { room_id, user_id }
  const { state, watermark } = projection
  const changed_at = lastChangeTime(projection)
  if (state?.kind === 'room') {
    const { status, opened_at, closed_at } = state
    const session_ref = `${opened_at} ${closed_at} ${watermark}`
    return [{ presence, present: status === 'open', changed_at, session_ref }]
  }
  if (state?.kind !== 'participant') return []
  const { session } = state
  const session_ref = `${session?.joined_at} ${session?.end?.at} ${watermark}`
  return [{ presence, present: isPresent(state), changed_at, session_ref }]
}
