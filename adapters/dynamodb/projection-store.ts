import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { type DynamoDBDocumentClient, PutCommand, type QueryCommandInput, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import type { ProjectionStore } from '../../core/ports/projection-store.ts'
import { emptyProjection, type Projection } from '../../core/projection/projection.ts'
import type { AggregateId, RecurringAggregateId, StatefulAggregateId } from '../../core/state/aggregate.ts'
import { unknownFoldVersion } from '../../core/state/fold-version.ts'
import { occupancyOf } from '../../core/state/occupancy.ts'
import { timeKey } from '../../core/state/order.ts'
import * as attributeNames from '../../names/attributes.ts'
import { requestOptions } from '../request-options.ts'
import { readItems } from './batch-get.ts'
import { type CheckpointItem, toCheckpointItem } from './checkpoint-item.ts'
import { readCheckpoints } from './checkpoint-reader.ts'
import { readCloseCandidates } from './close-candidates.ts'
import { expiryOf } from './expiry.ts'
import { itemKey, keyText, pastItemKeys, pastSessionGroups, roomGroup } from './keys.ts'
import { type PastItem, type PastRecordingItem, type PastSessionItem, pastEntryOf, toPastItem } from './past-item.ts'
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
const wasStored = 'attribute_exists(version)'

export function dynamodbProjectionStore(options: ProjectionStoreOptions): ProjectionStore {
  const { client, tableName, retentionDays } = options
  /** Writes an item that a projection's version has changed, unless this version or a later one has done so already. */
  async function upsertItem(Item: PastItem | CheckpointItem, signal: AbortSignal | undefined): Promise<void> {
    const command = new PutCommand({
      TableName: tableName,
      Item,
      ConditionExpression: `${neverStored} OR ${versionEarlier}`,
      ExpressionAttributeValues: { ':version': Item.version },
    })
    try {
      await client.send(command, requestOptions(signal))
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error
    }
  }

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

    async markOutdated(aggregate, now, signal) {
      if ((await markStored(options, aggregate, signal)) === 'marked') return
      const empty = { ...emptyProjection(aggregate), foldVersion: unknownFoldVersion }
      const command = new PutCommand({
        TableName: tableName,
        Item: { ...toProjectionItem(empty, retentionDays), expires_at: expiryOf(now, retentionDays) },
        ConditionExpression: neverStored,
      })
      try {
        await client.send(command, requestOptions(signal))
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error
        // Another batch has stored the projection meanwhile, perhaps without the event that failed.
        await markStored(options, aggregate, signal)
      }
    },

    readCloseCandidates: (roomId, page, signal) => readCloseCandidates(client, tableName, roomId, page, signal),

    async upsertPastEntry(aggregate, change, version, signal) {
      await upsertItem(toPastItem(aggregate, change, version, retentionDays), signal)
    },

    async readPastSessionsOfRoom(roomId, since, signal) {
      const queries = pastSessionGroups(roomId).map((group) => pastSessionsQuery(tableName, group, since))
      const pages = await Promise.all(queries.map((query) => queryAll<PastSessionItem>(client, query, signal)))
      return pages
        .flat()
        .flatMap(({ aggregate, session }) => (session ? [occupancyOf(aggregate.user_id, session)] : []))
    },

    async readRecordings(roomId, signal) {
      const query = { ...buildPrefixQuery(tableName, roomGroup(roomId), 'recording/'), ConsistentRead: true }
      const items = await queryAll<ProjectionItem | PastRecordingItem>(client, query, signal)
      return items.flatMap((item) => ('state' in item ? [fromProjectionItem(item)] : []))
    },

    async readPastEntries(aggregate, since, signal) {
      const query = { ...buildPastItemQuery(tableName, aggregate, since), ConsistentRead: true }
      const items = await queryAll<PastItem>(client, query, signal)
      return items.flatMap((item) => pastEntryOf(item) ?? [])
    },

    async upsertCheckpoint(aggregate, change, version, signal) {
      await upsertItem(toCheckpointItem(requireState(aggregate), change, version, retentionDays), signal)
    },

    readCheckpoints: (aggregate, signal) => readCheckpoints(client, tableName, requireState(aggregate), signal),
  }
}

/** Builds the query for `readPastEntries`. */
function buildPastItemQuery(tableName: string, aggregate: RecurringAggregateId, since: number): QueryCommandInput {
  const { group, prefix } = pastItemKeys(aggregate)
  if (aggregate.kind === 'recording') return buildPrefixQuery(tableName, group, prefix)
  return {
    TableName: tableName,
    KeyConditionExpression: '#group = :group AND #item BETWEEN :since AND :end',
    ExpressionAttributeNames: { '#group': attributeNames.group, '#item': attributeNames.item },
    ExpressionAttributeValues: { ':group': group, ':since': `${prefix}${timeKey(since)}`, ':end': `${prefix}~` },
  }
}

/** Marks the projection if there is one. */
async function markStored(
  { client, tableName }: ProjectionStoreOptions,
  aggregate: StatefulAggregateId,
  signal: AbortSignal | undefined,
): Promise<'marked' | 'never_stored'> {
  const command = new UpdateCommand({
    TableName: tableName,
    Key: itemKey(aggregate),
    UpdateExpression: 'SET version = version + :one, fold = :unknown',
    ConditionExpression: wasStored,
    ExpressionAttributeValues: { ':one': 1, ':unknown': unknownFoldVersion },
  })
  try {
    await client.send(command, requestOptions(signal))
    return 'marked'
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return 'never_stored'
    throw error
  }
}

function pastSessionsQuery(tableName: string, group: string, since: number): QueryCommandInput {
  return {
    TableName: tableName,
    KeyConditionExpression: '#group = :group',
    FilterExpression: '#session.#end.#at >= :since',
    ExpressionAttributeNames: { '#group': attributeNames.group, '#session': 'session', '#end': 'end', '#at': 'at' },
    ExpressionAttributeValues: { ':group': group, ':since': since },
    ConsistentRead: true,
  }
}

/** Implements `ProjectionStore.read`. */
async function readProjections(
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
