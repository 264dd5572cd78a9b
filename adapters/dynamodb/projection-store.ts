import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'
import type { ProjectionStore } from '../../core/ports/projection-store.ts'
import { emptyProjection, type Projection } from '../../core/projection/projection.ts'
import type { AggregateId } from '../../core/state/aggregate.ts'
import { requestOptions } from '../request-options.ts'
import { readItems } from './batch-get.ts'
import { itemKey, keyText, pastSessionKeys, roomGroup } from './keys.ts'
import { type PastSessionItem, toPastSessionItem } from './past-session-item.ts'
import { fromProjectionItem, type ProjectionItem, requireState, toProjectionItem } from './projection-item.ts'
import { buildPrefixQuery, queryAll } from './query.ts'

export type ProjectionStoreOptions = {
  readonly client: DynamoDBDocumentClient
  readonly tableName: string
  readonly retentionDays: number
}

// Conditions of writes.
const neverStored = 'attribute_not_exists(version)'
const versionUnchanged = 'version = :version'
const versionEarlier = 'version < :version'

export function dynamodbProjectionStore({ client, tableName, retentionDays }: ProjectionStoreOptions): ProjectionStore {
  return {
    read: (aggregates, signal) => readProjections(client, tableName, aggregates, signal),

    async write(projection, signal) {
      const { version } = projection
      const command = new PutCommand({
        TableName: tableName,
        Item: toProjectionItem(projection, retentionDays),
        ...(version === 0
          ? { ConditionExpression: neverStored }
          : { ConditionExpression: versionUnchanged, ExpressionAttributeValues: { ':version': version } }),
      })
      try {
        await client.send(command, requestOptions(signal))
        return 'written'
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return 'conflict'
        throw error
      }
    },

    async readParticipants(roomId, signal) {
      const query = { ...buildPrefixQuery(tableName, roomGroup(roomId), 'user/'), ConsistentRead: true }
      return (await queryAll<ProjectionItem>(client, query, signal)).map(fromProjectionItem)
    },

    async upsertPastSession(participant, change, version, signal) {
      const command = new PutCommand({
        TableName: tableName,
        Item: toPastSessionItem(participant, change, version, retentionDays),
        ConditionExpression: `${neverStored} OR ${versionEarlier}`,
        ExpressionAttributeValues: { ':version': version },
      })
      try {
        await client.send(command, requestOptions(signal))
      } catch (error) {
        // This version of the projection, or a later one, has written the session already.
        if (!(error instanceof ConditionalCheckFailedException)) throw error
      }
    },

    async readPastSessions(participant, signal) {
      const { group, prefix } = pastSessionKeys(participant)
      const query = { ...buildPrefixQuery(tableName, group, prefix), ConsistentRead: true }
      const items = await queryAll<PastSessionItem>(client, query, signal)
      return items.flatMap(({ session }) => session ?? [])
    },
  }
}

/** Implements `ProjectionStore.read`. */
export async function readProjections(
  client: DynamoDBDocumentClient,
  tableName: string,
  aggregates: readonly AggregateId[],
  signal?: AbortSignal,
): Promise<Projection[]> {
  const keys = aggregates.map((aggregate) => itemKey(requireState(aggregate)))
  const found = await readItems<ProjectionItem>(client, tableName, keys, { consistent: true, signal })
  return aggregates.map((aggregate) => {
    const item = found.get(keyText(itemKey(requireState(aggregate))))
    return item === undefined ? emptyProjection(aggregate) : fromProjectionItem(item)
  })
}
