import type { EmulatedAws } from '@northbound/template-runner'
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda'
import { encodeEnvelope } from '../../core/protocol/envelope.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import type { BenchBundles } from '../bundles.ts'
import { type BenchFunction, lambdaEnvironment, startFunction } from '../function.ts'

export const defaultBatchSize = 100

/** The table that the documentation of Powertools creates for its persistence layer. */
const idempotencyTable = {
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
}

let tableSerial = 0

export type BenchApplier = {
  readonly function: BenchFunction
  readonly tables: { readonly eventLog: string; readonly state: string }
}

export type BenchAppliers = Pick<BenchApplier, 'tables'> & { readonly functions: readonly BenchFunction[] }

/**
 * Starts an apply function with new tables.
 *
 * @param dynamodbUrl the metered endpoint by default; the engine itself if time is measured.
 */
export async function startApplier(
  aws: EmulatedAws,
  bundle: string,
  bundles: Pick<BenchBundles, 'table'>,
  dynamodbUrl = aws.endpointUrl,
): Promise<BenchApplier> {
  const { environment, tables } = await createApplierEnvironment(aws, bundles, dynamodbUrl)
  return { function: await startFunction(bundle, environment), tables }
}

/** Starts several instances of the deployed function, which share new tables. */
export async function startAppliers(aws: EmulatedAws, bundles: BenchBundles, count: number): Promise<BenchAppliers> {
  const { environment, tables } = await createApplierEnvironment(aws, bundles, aws.endpointUrl)
  const start = () => startFunction(bundles.bundle('ApplyEvents'), environment)
  return { functions: await Promise.all(Array.from({ length: count }, start)), tables }
}

async function createApplierEnvironment(
  aws: EmulatedAws,
  { table }: Pick<BenchBundles, 'table'>,
  dynamodbUrl: string,
): Promise<Pick<BenchApplier, 'tables'> & { environment: Record<string, string> }> {
  const suffix = `${process.pid}-${tableSerial++}`
  const tables = { eventLog: `EventLog-${suffix}`, state: `State-${suffix}`, idempotency: `Idempotency-${suffix}` }
  await aws.createTable(tables.eventLog, table('EventLog'))
  await aws.createTable(tables.state, table('State'))
  await aws.createTable(tables.idempotency, idempotencyTable)
  const environment = {
    ...lambdaEnvironment('apply-events', aws.endpointUrl),
    AWS_ENDPOINT_URL_DYNAMODB: dynamodbUrl,
    EVENT_LOG_TABLE: tables.eventLog,
    STATE_TABLE: tables.state,
    IDEMPOTENCY_TABLE: tables.idempotency,
    RETENTION_DAYS: '400',
    ALERT_WINDOW_MINUTES: '10',
    MAX_RECEIVE_COUNT: '300',
    ALLOW_UNSIGNED: 'false',
    EVENT_QUEUE_URL: 'http://127.0.0.1/unused',
    ALERT_TOPIC_ARN: await aws.createTopic('alerts'),
    ROOM_EVENT_TOPIC_ARN: await aws.createTopic('room-events'),
    TIME_ZONE: 'Asia/Shanghai',
  }
  return { environment, tables }
}

export type BenchMessage = SQSEvent['Records'][number]

/** Events as messages of the event queue. */
export function createMessages(events: readonly NorthboundEvent[]): BenchMessage[] {
  return events.map(({ trace_id, received_at, source, params }, index) => ({
    messageId: `m${index}`,
    receiptHandle: `r${index}`,
    body: encodeEnvelope({ trace_id, received_at, source, params }),
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: String(received_at),
      SenderId: 'a',
      ApproximateFirstReceiveTimestamp: String(received_at),
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:events',
    awsRegion: 'us-east-1',
  }))
}

/**
 * Applies all messages in batches; failed messages are delivered again after the others.
 *
 * @returns seconds.
 */
export async function drain(
  applier: BenchApplier,
  messages: readonly BenchMessage[],
  batchSize = defaultBatchSize,
): Promise<number> {
  const queue = [...messages]
  const startedAt = performance.now()
  for (let batches = 0; queue.length > 0; batches++) {
    if (batches > messages.length) throw new Error('some events still fail')
    const Records = queue.splice(0, batchSize)
    const { result } = await applier.function.invoke<SQSBatchResponse>({ Records })
    const failed = new Set(result.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier))
    queue.push(...Records.filter(({ messageId }) => failed.has(messageId)))
  }
  return (performance.now() - startedAt) / 1000
}
