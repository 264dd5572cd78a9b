import { type DynamoDBDocumentClient, ScanCommand, type ScanCommandInput } from '@aws-sdk/lib-dynamodb'
import { listWrittenForms } from '../../../core/erasure/mentions.ts'
import { group as refusedGroup } from '../../../names/refused-samples.ts'
import { requestOptions } from '../../request-options.ts'
import { keyPart } from '../keys.ts'
import { peopleGroup } from '../people-directory.ts'
import { sweepGroup } from '../sweep-status.ts'

/** Items that may be about a person, and how many were looked at to find them. */
export type ScannedPage<Item> = { readonly items: readonly Item[]; readonly scanned: number }

export type TableScan = {
  readonly client: DynamoDBDocumentClient
  readonly tableName: string
  readonly signal?: AbortSignal | undefined
}

/** Looks at every item of the event log. Nothing less finds all: people can be named in events about anything. */
export function scanEventLog<Item>(scan: TableScan, userId: string): AsyncGenerator<ScannedPage<Item>> {
  const forms = listWrittenForms(userId)
  const conditions = forms.map((_, index) => `contains(#params, :form${index}) OR contains(#body, :form${index})`)
  return scanTable(scan, {
    FilterExpression: conditions.join(' OR '),
    ExpressionAttributeNames: { '#params': 'params', '#body': 'body' },
    ExpressionAttributeValues: Object.fromEntries(forms.map((form, index) => [`:form${index}`, form])),
  })
}

/** Looks at every item of the state table. */
export function scanState<Item>(scan: TableScan, userId: string): AsyncGenerator<ScannedPage<Item>> {
  const conditions = [
    '#aggregate.#user = :user',
    'contains(#group, :checkpoints)',
    '(#group = :people AND #item = :part)',
    '#group IN (:refused, :sweep)',
    '#state.#basis.#first = :user',
    '#checkpoint.#state.#basis.#first = :user',
    // A recording can mention a person anywhere.
    'begins_with(#item, :recording)',
  ]
  return scanTable(scan, {
    FilterExpression: conditions.join(' OR '),
    ExpressionAttributeNames: {
      '#aggregate': 'aggregate',
      '#user': 'user_id',
      '#group': 'group',
      '#item': 'item',
      '#state': 'state',
      '#basis': 'basis',
      '#first': 'first_user_id',
      '#checkpoint': 'checkpoint',
    },
    ExpressionAttributeValues: {
      ':user': userId,
      ':part': keyPart(userId),
      ':checkpoints': `/user/${keyPart(userId)}/checkpoints`,
      ':people': peopleGroup,
      ':refused': refusedGroup,
      ':sweep': sweepGroup,
      ':recording': 'recording/',
    },
  })
}

async function* scanTable<Item>(
  { client, tableName, signal }: TableScan,
  filter: Pick<ScanCommandInput, 'FilterExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'>,
): AsyncGenerator<ScannedPage<Item>> {
  let ExclusiveStartKey: ScanCommandInput['ExclusiveStartKey']
  do {
    const command = new ScanCommand({ TableName: tableName, ConsistentRead: true, ExclusiveStartKey, ...filter })
    const { Items = [], ScannedCount = 0, LastEvaluatedKey } = await client.send(command, requestOptions(signal))
    yield { items: Items as Item[], scanned: ScannedCount }
    ExclusiveStartKey = LastEvaluatedKey
  } while (ExclusiveStartKey !== undefined)
}
