import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { BatchWriteCommand, type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'
import type { EmulatedAws } from '@northbound/template-runner'
import pMap from 'p-map'
import { documentClient } from '../../adapters/dynamodb/client.ts'
import { toEventItem } from '../../adapters/dynamodb/event-item.ts'
import { type NorthboundEvent, parseEvent } from '../../core/protocol/events.ts'
import { type BenchAppliers, createMessages } from '../rows/applier.ts'
import { createProjectionItems } from '../stored-projections.ts'

const maxBatchItems = 25
const writeConcurrency = 16
const retentionDays = 400
const minuteMs = 60_000
const measuredRequests = 200

/**
 * Opens the room and stores the participants' earlier events and projections, without applying them. Projections are written
 * through the metered endpoint, which has to know the item that a write replaces.
 */
export async function storeEarlierSessions(
  aws: EmulatedAws,
  { functions, tables }: BenchAppliers,
  events: readonly NorthboundEvent[],
): Promise<void> {
  const [first] = events
  const [applier] = functions
  if (first === undefined || applier === undefined) throw new Error('the storm needs events and functions')
  await applier.invoke({ Records: createMessages([createOpen(first)]) })
  const items = events.map((event) => toEventItem(event, retentionDays))
  const batches = Array.from({ length: Math.ceil(items.length / maxBatchItems) }, (_, index) =>
    items.slice(index * maxBatchItems, (index + 1) * maxBatchItems),
  )
  const engine = createClient(aws.dynamodbUrl, aws.region)
  await pMap(
    batches,
    (batch) => {
      const requests = batch.map((Item) => ({ PutRequest: { Item } }))
      return engine.send(new BatchWriteCommand({ RequestItems: { [tables.eventLog]: requests } }))
    },
    { concurrency: writeConcurrency },
  )
  const metered = createClient(aws.endpointUrl, aws.region)
  await pMap(createProjectionItems(events), (Item) => metered.send(new PutCommand({ TableName: tables.state, Item })), {
    concurrency: writeConcurrency,
  })
}

/** Without an open, each batch would look for people who imply that the room is open. */
function createOpen({ params, received_at }: NorthboundEvent): NorthboundEvent {
  const trace_id = 'open'
  const metadata = { trace_id, received_at: received_at - minuteMs, source: 'callback' } as const
  return parseEvent(metadata, { trace_id, event: 'open', room_id: params.room_id ?? '' })
}

/** ms of a request while no others are made. */
export async function measureRequestMs(aws: EmulatedAws, TableName: string): Promise<number> {
  const client = createClient(aws.endpointUrl, aws.region)
  const startedAt = performance.now()
  for (let index = 0; index < measuredRequests; index++)
    await client.send(new PutCommand({ TableName, Item: { group: 'measured', item: String(index) } }))
  return (performance.now() - startedAt) / measuredRequests
}

function createClient(endpoint: string, region: string): DynamoDBDocumentClient {
  const credentials = { accessKeyId: 'a', secretAccessKey: 's' }
  return documentClient(new DynamoDBClient({ endpoint, region, credentials }))
}
