import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  type QueryCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'
import type { OpenWarningRecorder, OpenWarnings, WarningSubject } from '../../core/ports/open-warnings.ts'
import * as attributeNames from '../../names/attributes.ts'
import { requestOptions } from '../request-options.ts'
import { readItems } from './batch-get.ts'
import { type ItemKey, itemKey, keyPart, keyText } from './keys.ts'
import { stateOf } from './packed-state.ts'
import type { ProjectionItem } from './projection-item.ts'
import { queryAll, queryPage } from './query.ts'

/** Partition key of the items of all open warnings, so that one query finds them. It is empty most of the time. */
const openWarningsGroup = 'open-warnings'

/** Times in ms since 1970. */
type OpenWarningItem = ItemKey & WarningSubject & { readonly since: number; readonly last_alert_at: number }

export function dynamodbOpenWarningRecorder(client: DynamoDBDocumentClient, stateTable: string): OpenWarningRecorder {
  return {
    async record({ kind, box_code }, at, signal) {
      const command = new UpdateCommand({
        TableName: stateTable,
        Key: keyOf({ kind, box_code }),
        UpdateExpression: 'SET kind = :kind, box_code = :box, since = if_not_exists(since, :at), last_alert_at = :at',
        ExpressionAttributeValues: { ':kind': kind, ':box': box_code, ':at': at },
      })
      await client.send(command, requestOptions(signal))
    },
  }
}

/** Whether there are warnings that have had no all-clear yet. Reads one item at most. */
export async function hasOpenWarnings(
  client: DynamoDBDocumentClient,
  stateTable: string,
  signal?: AbortSignal,
): Promise<boolean> {
  const query = { ...openWarningsQuery(stateTable), Limit: 1 }
  return (await queryPage(client, query, undefined, signal)).items.length > 0
}

export function dynamodbOpenWarnings(client: DynamoDBDocumentClient, stateTable: string): OpenWarnings {
  const query = { ...openWarningsQuery(stateTable), ConsistentRead: true }
  return {
    async list(signal) {
      const items = await queryAll<OpenWarningItem>(client, query, signal)
      const boxes = await readItems<ProjectionItem>(client, stateTable, items.map(boxKeyOf), {
        consistent: true,
        signal,
      })
      return items.map((item) => {
        const { kind, box_code, since, last_alert_at: lastAlertAt } = item
        const lastWarningAt = Math.max(lastAlertAt, lastWarningOf(boxes.get(keyText(boxKeyOf(item)))))
        return { kind, box_code, since, lastAlertAt, lastWarningAt }
      })
    },

    async remove({ kind, box_code, lastAlertAt }, signal) {
      const command = new DeleteCommand({
        TableName: stateTable,
        Key: keyOf({ kind, box_code }),
        ConditionExpression: 'last_alert_at = :seen',
        ExpressionAttributeValues: { ':seen': lastAlertAt },
      })
      try {
        await client.send(command, requestOptions(signal))
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error
      }
    },
  }
}

function openWarningsQuery(stateTable: string): QueryCommandInput {
  return {
    TableName: stateTable,
    KeyConditionExpression: '#group = :group',
    ExpressionAttributeNames: { '#group': attributeNames.group },
    ExpressionAttributeValues: { ':group': openWarningsGroup },
  }
}

function keyOf({ kind, box_code }: WarningSubject): ItemKey {
  return { group: openWarningsGroup, item: `${kind}/${keyPart(box_code)}` }
}

function boxKeyOf({ box_code }: WarningSubject): ItemKey {
  return itemKey({ kind: 'box', box_code })
}

function lastWarningOf(item: ProjectionItem | undefined): number {
  const state = item && stateOf(item)
  return state?.kind === 'box' ? state.last_warning_at : Number.NEGATIVE_INFINITY
}
