import type { SQSBatchResponse, SQSEvent } from 'aws-lambda'
import { encodeEnvelope } from '../../core/protocol/envelope.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { type Aws, dynamodbRequests, type TableProperties, type Usage } from '../aws.ts'
import type { Deployment } from '../bundles.ts'
import type { Applying } from '../cost.ts'
import { type BenchFunction, lambdaEnvironment, startFunction } from '../function.ts'
import { meetings, realisticMix } from '../mix.ts'
import type { Row } from '../row.ts'
import { interleave } from '../statistics.ts'

export const batchSize = 100

/** The table that Powertools' documentation makes for its persistence layer. */
const idempotencyTable: TableProperties = {
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
}

export type Bundles = Pick<Deployment, 'bundle' | 'bundlePeer' | 'table'>

let serial = 0

export type Applier = {
  readonly function: BenchFunction
  readonly tables: { readonly eventLog: string; readonly state: string }
}

/**
 * An apply function over appended tables.
 *
 * @param dynamodb where it finds DynamoDB: the counting endpoint, or the engine itself where time is measured.
 */
export async function startApplier(
  aws: Aws,
  bundle: string,
  { table }: Pick<Bundles, 'table'>,
  dynamodb = aws.endpoint,
): Promise<Applier> {
  const suffix = `${process.pid}-${serial++}`
  const names = { eventLog: `EventLog-${suffix}`, state: `State-${suffix}`, idempotency: `Idempotency-${suffix}` }
  await aws.createTable(names.eventLog, table('EventLog'))
  await aws.createTable(names.state, table('State'))
  await aws.createTable(names.idempotency, idempotencyTable)
  const variables = {
    ...lambdaEnvironment('apply-events', aws.endpoint),
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
    EVENT_LOG_TABLE: names.eventLog,
    STATE_TABLE: names.state,
    IDEMPOTENCY_TABLE: names.idempotency,
    RETENTION_DAYS: '400',
    ALERT_WINDOW_MINUTES: '10',
    ALERT_TOPIC_ARN: 'arn:aws:sns:us-east-1:000000000000:alerts',
    ROOM_EVENT_TOPIC_ARN: 'arn:aws:sns:us-east-1:000000000000:room-events',
    TIME_ZONE: 'Asia/Shanghai',
  }
  return { function: await startFunction(bundle, variables), tables: names }
}

type Message = SQSEvent['Records'][number]

/** Events as the queue hands them over. */
export function messagesOf(events: readonly NorthboundEvent[]): Message[] {
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

/** Has all messages applied, in batches; what fails comes again behind the rest, as from the queue. */
export async function drain(applier: Applier, messages: readonly Message[], size = batchSize): Promise<number> {
  const queue = [...messages]
  const began = performance.now()
  for (let batches = 0; queue.length > 0; batches++) {
    if (batches > messages.length) throw new Error('some events are never applied')
    const Records = queue.splice(0, size)
    const { result } = await applier.function.invoke<SQSBatchResponse>({ Records })
    const failed = new Set(result.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier))
    queue.push(...Records.filter(({ messageId }) => failed.has(messageId)))
  }
  return (performance.now() - began) / 1000
}

export type ApplyUsage = Usage & {
  readonly events: number
  /** By the function, in its log. */
  readonly loggedBytes: number
  /** What the event log holds afterwards, index included. */
  readonly storedBytes: number
  readonly tables: Applier['tables']
}

/** What applying these events uses. */
export async function countUsage(
  aws: Aws,
  bundle: string,
  deployment: Bundles,
  events: readonly NorthboundEvent[],
  size = batchSize,
): Promise<ApplyUsage> {
  const applier = await startApplier(aws, bundle, deployment)
  aws.takeUsage()
  await drain(applier, messagesOf(events), size)
  await applier.function.stop()
  const loggedBytes = applier.function.loggedBytes()
  const storedBytes = aws.storedBytes(applier.tables.eventLog)
  return { ...aws.takeUsage(), events: events.length, loggedBytes, storedBytes, tables: applier.tables }
}

/** Of both, applying the realistic mix; one that is sent twice; and one of which the queue delivers each batch twice. */
export type ApplyCounts = Readonly<
  Record<'mix' | 'duplicates' | 'redelivered', { readonly ours: ApplyUsage; readonly peer: ApplyUsage }>
>

export async function countApply(aws: Aws, deployment: Bundles): Promise<ApplyCounts> {
  const [own, other] = [deployment.bundle('ApplyEvents'), await deployment.bundlePeer('apply-events')]
  const both = async (events: readonly NorthboundEvent[]) => ({
    ours: await countUsage(aws, own, deployment, events),
    peer: await countUsage(aws, other, deployment, events),
  })
  return {
    mix: await both(meetings(realisticMix)),
    duplicates: await both(meetings({ ...realisticMix, duplicates: 1 })),
    redelivered: await both(batchesTwice(meetings(realisticMix))),
  }
}

/** What an event of ours uses where batches are smaller, as they are where events are few. */
export async function countBatchSizes(
  aws: Aws,
  deployment: Bundles,
  sizes: readonly number[],
): Promise<{ readonly size: number; readonly usage: ApplyUsage }[]> {
  const counted: { size: number; usage: ApplyUsage }[] = []
  for (const size of sizes)
    counted.push({
      size,
      usage: await countUsage(aws, deployment.bundle('ApplyEvents'), deployment, meetings(realisticMix), size),
    })
  return counted
}

/** What the cost is reckoned from. */
export function applyingOf(usage: ApplyUsage, waiting: Applying['waiting'], size = batchSize): Applying {
  const { events, loggedBytes, writeUnits, readUnits, requests } = usage
  const snsRequests = requests.get('SNS.PublishBatch') ?? 0
  return {
    waiting,
    events,
    batchSize: size,
    loggedBytes,
    writeUnits,
    readUnits,
    snsRequests,
    dynamodbRequests: dynamodbRequests(usage),
  }
}

function batchesTwice(events: readonly NorthboundEvent[]): NorthboundEvent[] {
  const batches = Array.from({ length: Math.ceil(events.length / batchSize) }, (_, index) =>
    events.slice(index * batchSize, (index + 1) * batchSize),
  )
  return batches.flatMap((batch) => [...batch, ...batch])
}

export function applyRows({ mix, duplicates, redelivered }: ApplyCounts): Row[] {
  const requests = (usage: ApplyUsage) => [dynamodbRequests(usage) / usage.events]
  const units = (usage: ApplyUsage) => [usage.writeUnits / usage.events]
  return [
    {
      name: 'apply-requests',
      unit: 'requests per event',
      ours: requests(mix.ours),
      peer: requests(mix.peer),
      targets: { ratio: 0.3 },
      counted: true,
    },
    {
      name: 'apply-write-units',
      unit: 'write units per event',
      ours: units(mix.ours),
      peer: units(mix.peer),
      targets: { ratio: 0.5 },
      counted: true,
    },
    {
      name: 'apply-duplicates',
      unit: 'requests per delivery, half of them duplicates',
      ours: requests(duplicates.ours),
      peer: requests(duplicates.peer),
      targets: { ratio: 0.35 },
      counted: true,
    },
    {
      name: 'apply-redelivered',
      unit: 'requests per delivery, each batch delivered twice',
      ours: requests(redelivered.ours),
      peer: requests(redelivered.peer),
      targets: {},
      counted: true,
    },
  ]
}

/**
 * Seconds to apply so many queued events, one batch after the other, by one instance of each function, straight against
 * the engine. The peer works through a batch one by one: in parallel, its records meet on the same projections, and 3,000 events
 * took 33 s instead of 26 s on Amazon's engine, 46 s instead of 37 s on the embedded one.
 */
export async function applyDrain(aws: Aws, deployment: Bundles, rounds: number, count: number): Promise<Row> {
  const messages = messagesOf(meetings({ ...realisticMix, rooms: Math.ceil(count / 400) }).slice(0, count))
  if (messages.length < count) throw new Error(`the mix has only ${messages.length} events`)
  const drained = (bundle: string) => async () => {
    const applier = await startApplier(aws, bundle, deployment, aws.dynamodb)
    const seconds = await drain(applier, messages)
    await applier.function.stop()
    return seconds
  }
  const sides = await interleave(
    rounds,
    drained(deployment.bundle('ApplyEvents')),
    drained(await deployment.bundlePeer('apply-events')),
    { warmUp: false },
  )
  return { name: 'apply-drain', unit: `s for ${count} events`, ...sides, targets: { ratio: 0.35 }, counted: false }
}
