import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch'
import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency'
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb'
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import { documentClient } from '../../adapters/dynamodb/client.ts'
import { dynamodbEventLog } from '../../adapters/dynamodb/event-log.ts'
import { dynamodbProjectionStore } from '../../adapters/dynamodb/projection-store.ts'
import { emptyProjection } from '../../core/projection/projection.ts'
import { decodeEnvelope } from '../../core/protocol/decode-envelope.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { aggregateOf } from '../../core/state/aggregate.ts'
import { evolve } from '../../core/state/fold.ts'
import { orderKey } from '../../core/state/order.ts'

// Applies events as the documentation of Powertools for AWS recommends: an idempotent record handler in the batch
// processor. It writes the same log entry and the same projection with our adapters, so that only the approach differs.
// It does less than ours: late events are not reordered, closes end no sessions, and nothing is published.

const { EVENT_LOG_TABLE = '', STATE_TABLE = '', IDEMPOTENCY_TABLE = '', RETENTION_DAYS } = process.env
const retentionDays = Number(RETENTION_DAYS)
const client = documentClient()
const log = dynamodbEventLog({ client, tableName: EVENT_LOG_TABLE, retentionDays })
const store = dynamodbProjectionStore({ client, tableName: STATE_TABLE, retentionDays })
const rules = { alertWindowMs: 600_000, timeZone: 'Asia/Shanghai' }
const maxAttempts = 10

const config = new IdempotencyConfig({ eventKeyJmesPath: 'trace_id', expiresAfterSeconds: retentionDays * 86_400 })
const applyOnce = makeIdempotent(apply, {
  persistenceStore: new DynamoDBPersistenceLayer({ tableName: IDEMPOTENCY_TABLE }),
  config,
})
const processor = new BatchProcessor(EventType.SQS)

export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  config.registerLambdaContext(context)
  return processPartialResponse(event, processRecord, processor, {
    context,
    processInParallel: false,
    throwOnFullBatchFailure: false,
  })
}

async function processRecord({ body }: SQSRecord): Promise<void> {
  const event = decodeEnvelope(body)
  if (typeof event === 'string') throw new Error(event)
  await applyOnce(event)
}

async function apply(event: NorthboundEvent): Promise<void> {
  await log.append(event)
  const aggregate = aggregateOf(event)
  if (aggregate.kind === 'other') return
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const [projection = emptyProjection(aggregate)] = await store.read([aggregate])
    const state = evolve(projection.state, [event], [], rules)
    if ((await store.write({ ...projection, state, watermark: orderKey(event) })) === 'written') return
  }
  throw new Error(`the projection changed during ${maxAttempts} attempts`)
}
