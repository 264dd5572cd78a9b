import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Checkpoint } from '../../core/projection/checkpoints.ts'
import type { StatefulAggregateId } from '../../core/state/aggregate.ts'
import { type CheckpointItem, fromCheckpointItem } from './checkpoint-item.ts'
import { checkpointGroup } from './keys.ts'
import { buildPrefixQuery, queryAll } from './query.ts'

/** Reads the checkpoints of an aggregate in order. Strongly consistent. */
export async function readCheckpoints(
  client: DynamoDBDocumentClient,
  stateTable: string,
  aggregate: StatefulAggregateId,
  signal?: AbortSignal,
): Promise<Checkpoint[]> {
  // The sort key is a time of 15 digits, which begins with 0.
  const query = { ...buildPrefixQuery(stateTable, checkpointGroup(aggregate), '0'), ConsistentRead: true }
  const items = await queryAll<CheckpointItem>(client, query, signal)
  return items.flatMap((item) => fromCheckpointItem(item) ?? [])
}
