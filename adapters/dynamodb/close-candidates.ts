import type { DynamoDBDocumentClient, QueryCommandInput } from '@aws-sdk/lib-dynamodb'
import { InvalidCursorError, type Page } from '../../core/ports/page.ts'
import type { CloseCandidateRequest } from '../../core/ports/projection-store.ts'
import type { Projection } from '../../core/projection/projection.ts'
import { timeKey } from '../../core/state/order.ts'
import * as attributeNames from '../../names/attributes.ts'
import { encodeCursor, parseCursor } from './cursor.ts'
import { participantGroups } from './keys.ts'
import { fromProjectionItem, type ProjectionItem } from './projection-item.ts'
import { buildPrefixQuery, type QueryPage, queryPage } from './query.ts'

// Conditions of the query.
const isPresent = 'attribute_not_exists(#expires)'
const mayContinue = 'attribute_exists(#undecided)'
const hasPendingPastWrites = 'attribute_exists(#pending)'
const isActiveSince = '#watermark >= :since'

/** Where a partition continues: after a sort key; at its start if that is empty; nowhere if it is null. */
type PartitionStart = string | null

/** Implements `ProjectionStore.readCloseCandidates`: a page consists of one page of each partition of the room. */
export async function readCloseCandidates(
  client: DynamoDBDocumentClient,
  tableName: string,
  roomId: string,
  { since, cursor }: CloseCandidateRequest,
  signal: AbortSignal | undefined,
): Promise<Page<Projection>> {
  const groups = participantGroups(roomId)
  const starts = cursor === null ? groups.map(() => '') : parseStarts(cursor, groups.length)
  const pages = await Promise.all(
    groups.map((group, index): QueryPage<ProjectionItem> | Promise<QueryPage<ProjectionItem>> => {
      const item = starts[index] ?? null
      if (item === null) return { items: [], next: undefined }
      const start = item === '' ? undefined : { group, item }
      return queryPage(client, closeCandidatesQuery(tableName, group, since), start, signal)
    }),
  )
  const nextStarts = pages.map(({ next }) => (next === undefined ? null : String(next.item)))
  return {
    items: pages.flatMap(({ items }) => items.map(fromProjectionItem)),
    cursor: nextStarts.every((start) => start === null) ? null : encodeCursor(nextStarts),
  }
}

/** @throws InvalidCursorError */
function parseStarts(cursor: string, partitions: number): PartitionStart[] {
  const starts = parseCursor(cursor)
  if (starts.length !== partitions || !starts.every(isPartitionStart)) throw new InvalidCursorError()
  return starts
}

function isPartitionStart(value: unknown): value is PartitionStart {
  return value === null || (typeof value === 'string' && value !== '')
}

/** Participants for which `isCloseCandidate` holds. Present participants have no time to live. */
function closeCandidatesQuery(tableName: string, group: string, since: number): QueryCommandInput {
  const query = buildPrefixQuery(tableName, group, 'user/')
  return {
    ...query,
    ConsistentRead: true,
    FilterExpression: `${isPresent} OR ${mayContinue} OR ${hasPendingPastWrites} OR ${isActiveSince}`,
    ExpressionAttributeNames: {
      ...query.ExpressionAttributeNames,
      '#expires': attributeNames.expiresAt,
      '#undecided': 'undecided',
      '#pending': 'pending_past',
      '#watermark': 'watermark',
    },
    ExpressionAttributeValues: { ...query.ExpressionAttributeValues, ':since': timeKey(since) },
  }
}
