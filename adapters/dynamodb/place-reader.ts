import { type DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb'
import type { ListedPlace, Place, StoredPlace } from '../../core/reconcile.ts'
import { isPresent } from '../../core/state/participant.ts'
import type { Subject } from '../../core/state/subject.ts'
import type { View } from '../../lambdas/apply-events/stores.ts'
import type { PlaceReader } from '../../lambdas/reconcile-rooms/handler.ts'
import { listingIndex, listingPartition, listingShards } from './keys.ts'
import { type Listed, lastEventTime, viewReader } from './state-store.ts'

/** What is open and present, for reconciliation. */
export function dynamodbPlaceReader(client: DynamoDBDocumentClient, stateTable: string): PlaceReader {
  const readViews = viewReader(client, stateTable)

  async function listedIn(shard: number): Promise<ListedPlace[]> {
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
    const places: ListedPlace[] = []
    for await (const page of pages)
      for (const item of page.Items ?? []) {
        const listed = item.listed as Listed
        const { room_id } = listed
        places.push('user_id' in listed ? { room_id, user_id: listed.user_id } : { room_id })
      }
    return places
  }

  return {
    async listed() {
      const shards = await Promise.all(Array.from({ length: listingShards }, (_, shard) => listedIn(shard)))
      return shards.flat()
    },
    async read(places) {
      const views = await readViews(places.map(subjectAt))
      return views.flatMap((view, index) => {
        const place = places[index]
        return place === undefined || view.state === undefined ? [] : storedPlace(place, view)
      })
    },
  }
}

function subjectAt({ room_id, user_id }: Place): Subject {
  return user_id === undefined ? { kind: 'room', room_id } : { kind: 'participant', room_id, user_id }
}

function storedPlace({ room_id, user_id }: Place, { state, watermark }: View): StoredPlace[] {
  const place = user_id === undefined ? { room_id } : { room_id, user_id }
  const changed_at = lastEventTime(watermark)
  if (state?.kind === 'room') {
    const { status, opened_at, closed_at } = state
    return [{ place, present: status === 'open', changed_at, episode: `${opened_at} ${closed_at}` }]
  }
  if (state?.kind !== 'participant') return []
  const { session } = state
  return [{ place, present: isPresent(state), changed_at, episode: `${session?.joined_at} ${session?.end?.at}` }]
}
