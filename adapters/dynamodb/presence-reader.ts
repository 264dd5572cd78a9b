import { type DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb'
import type { PresenceReader } from '../../core/ports/presence-reader.ts'
import type { Projection } from '../../core/projection/projection.ts'
import type { Presence, StoredPresence } from '../../core/reconciliation/presence.ts'
import type { AggregateId } from '../../core/state/aggregate.ts'
import { isPresent } from '../../core/state/participant.ts'
import { listingIndex, listingPartition, listingShards } from './keys.ts'
import { type Listed, lastEventTime, projectionReader } from './projection-store.ts'

/** What is open and present, for reconciliation. */
export function dynamodbPresenceReader(client: DynamoDBDocumentClient, stateTable: string): PresenceReader {
  const readViews = projectionReader(client, stateTable)

  async function listedIn(shard: number): Promise<Presence[]> {
    const pages = paginateQuery(
      { client },
      {
        TableName: stateTable,
        IndexName: listingIndex,
        KeyConditionExpression: '#list = :list',
        ExpressionAttributeNames: { '#list': 'list' },
        ExpressionAttributeValues: { ':list': listingPartition('open', shard) },
      },
    )
    const presences: Presence[] = []
    for await (const page of pages)
      for (const item of page.Items ?? []) {
        const listed = item.listed as Listed
        const { room_id } = listed
        presences.push('user_id' in listed ? { room_id, user_id: listed.user_id } : { room_id })
      }
    return presences
  }

  return {
    async list() {
      const shards = await Promise.all(Array.from({ length: listingShards }, (_, shard) => listedIn(shard)))
      return shards.flat()
    },
    async read(presences) {
      const projections = await readViews(presences.map(aggregateAt))
      return projections.flatMap((projection, index) => {
        const presence = presences[index]
        return presence === undefined || projection.state === undefined ? [] : storedPresence(presence, projection)
      })
    },
  }
}

function aggregateAt({ room_id, user_id }: Presence): AggregateId {
  return user_id === undefined ? { kind: 'room', room_id } : { kind: 'participant', room_id, user_id }
}

function storedPresence({ room_id, user_id }: Presence, { state, watermark }: Projection): StoredPresence[] {
  const presence = user_id === undefined ? { room_id } : { room_id, user_id }
  const changed_at = lastEventTime(watermark)
  if (state?.kind === 'room') {
    const { status, opened_at, closed_at } = state
    return [{ presence, present: status === 'open', changed_at, session_ref: `${opened_at} ${closed_at}` }]
  }
  if (state?.kind !== 'participant') return []
  const { session } = state
  return [{ presence, present: isPresent(state), changed_at, session_ref: `${session?.joined_at} ${session?.end?.at}` }]
}
