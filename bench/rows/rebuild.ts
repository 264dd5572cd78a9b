import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { text } from 'node:stream/consumers'
import { marshall } from '@aws-sdk/util-dynamodb'
import { startEmulatedAws } from '@northbound/template-runner'
import type { SQSBatchResponse } from 'aws-lambda'
import { toEventItem } from '../../adapters/dynamodb/event-item.ts'
import { type NorthboundEvent, parseEvent } from '../../core/protocol/events.ts'
import { sortBy } from '../../core/state/order.ts'
import type { BenchBundles } from '../bundles.ts'
import { lambdaEnvironment, startFunction } from '../function.ts'
import { listen } from '../listen.ts'
import type { BenchRow } from '../row.ts'
import { marshalProjection } from '../stored-projections.ts'
import { createMessages } from './applier.ts'

const startMs = Date.UTC(2026, 0, 15, 1)
/** Between two events of a client that mutes and unmutes all the time. */
const stepMs = 400
/**
 * Lambda gives a function of 1 GB an old space of 922 MiB and semi-spaces of 51 MiB. Then Node collects garbage so late that the
 * peak says little about what the function needs, so the limits are lower here.
 */
const heapOptions = ['--max-old-space-size=160', '--max-semi-space-size=16']
const maxPageBytes = 1_000_000
const retentionDays = 400

/**
 * Measures how the deployed function folds the stream of a participant again because of a late event: seconds and peak memory.
 *
 * The stub that replaces DynamoDB returns prepared pages of 1 MB at once, on another core, because the embedded engine would
 * need most of the time.
 */
export async function measureRebuild(
  bundles: Pick<BenchBundles, 'bundle'>,
  rounds: number,
  events: number,
): Promise<BenchRow[]> {
  const history = Array.from({ length: events }, (_, index) => createEvent(index))
  const [, late] = history
  if (late === undefined) throw new Error('the history needs at least two events')
  const stub = await startDynamoDbStub(history)
  const aws = await startEmulatedAws()
  try {
    const environment = {
      ...lambdaEnvironment('apply-events', aws.endpointUrl),
      AWS_ENDPOINT_URL_DYNAMODB: stub.url,
      EVENT_LOG_TABLE: 'EventLog',
      STATE_TABLE: 'State',
      RETENTION_DAYS: String(retentionDays),
      ALERT_WINDOW_MINUTES: '10',
      MAX_RECEIVE_COUNT: '300',
      ALLOW_UNSIGNED: 'false',
      EVENT_QUEUE_URL: 'http://127.0.0.1/unused',
      ALERT_TOPIC_ARN: await aws.createTopic('alerts'),
      ROOM_EVENT_TOPIC_ARN: await aws.createTopic('room-events'),
      TIME_ZONE: 'Asia/Shanghai',
    }
    const samples: { seconds: number; peakMemoryMiB: number }[] = []
    for (let round = 0; round < rounds; round++) {
      const applier = await startFunction(bundles.bundle('ApplyEvents'), environment, heapOptions)
      const { result, ms, peakMemoryMiB } = await applier.invoke<SQSBatchResponse>({ Records: createMessages([late]) })
      await applier.stop()
      if (result.batchItemFailures.length > 0) throw new Error('the late event failed')
      samples.push({ seconds: ms / 1000, peakMemoryMiB })
    }
    return [
      {
        name: 'rebuild-seconds',
        unit: `s for ${events} events`,
        ours: samples.map(({ seconds }) => seconds),
        peer: null,
        targets: { maxOurs: 5 },
        counted: false,
      },
      {
        name: 'rebuild-memory-mib',
        unit: `MiB for ${events} events`,
        ours: samples.map(({ peakMemoryMiB }) => peakMemoryMiB),
        peer: null,
        targets: { maxOurs: 256 },
        counted: false,
      },
    ]
  } finally {
    await aws.stop()
    stub.stop()
  }
}

function createEvent(index: number): NorthboundEvent {
  const event = index === 0 ? 'join' : ['publish', 'unpublish', 'sub', 'unsub'][index % 4]
  // The order of the ids is not the order of the events.
  const trace_id = createHash('sha256').update(String(index)).digest('hex').slice(0, 36)
  return parseEvent(
    { trace_id, received_at: startMs + index * stepMs, source: 'callback' },
    {
      event: event ?? '',
      trace_id,
      room_id: 'R',
      user_id: 'U',
      user_name: '王小明',
      endpoint_type: 'web',
      stream_id: `stream-${index % 8}`,
      stream_type: 'audio',
      timestamp: String(startMs + index * stepMs),
    },
  )
}

/**
 * Responds to the requests of a rebuild: the stored projection, the pages of the stream, and no other items. The late event is on
 * a page from the start.
 */
async function startDynamoDbStub(history: readonly NorthboundEvent[]): Promise<{ url: string; stop: () => void }> {
  const pages = createPages(history)
  const last = history.at(-1)
  if (last === undefined) throw new Error('the history is empty')
  const projection = JSON.stringify(marshalProjection([last]))
  const participant = '"item":{"S":"user/U"}'
  const respond = (operation: string, body: string): string => {
    if (operation === 'BatchGetItem') return `{"Responses":{"State":[${body.includes(participant) ? projection : ''}]}}`
    if (operation !== 'Query' || !body.includes('"S":"room/R/user/U"')) return '{"Items":[]}'
    const { ExclusiveStartKey } = JSON.parse(body) as { ExclusiveStartKey?: { event_key: { S: string } } }
    return pages[Number(ExclusiveStartKey?.event_key.S ?? 0)] ?? ''
  }
  const server: Server = createServer(async (request: IncomingMessage, response) => {
    const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? ''
    response.setHeader('Content-Type', 'application/x-amz-json-1.0')
    response.end(respond(operation, await text(request)))
  })
  return {
    url: await listen(server),
    stop() {
      server.close()
      server.closeAllConnections()
    },
  }
}

/**
 * The responses to the queries of a stream. DynamoDB reads 1 MB of whole items for each, and returns the attributes that a
 * rebuild asks for. The position of the next page is its key.
 */
function createPages(history: readonly NorthboundEvent[]): string[] {
  const pages: string[][] = [[]]
  let bytes = 0
  for (const event of sortBy(history, ({ trace_id }) => trace_id)) {
    const item = toEventItem(event, retentionDays)
    const { trace_id, received_at, source, params } = item
    bytes += JSON.stringify(item).length
    if (bytes > maxPageBytes) {
      pages.push([])
      bytes = 0
    }
    pages.at(-1)?.push(JSON.stringify(marshall({ trace_id, received_at, source, params })))
  }
  return pages.map((page, index) => {
    const next =
      index === pages.length - 1 ? '' : `,"LastEvaluatedKey":{"stream":{"S":"s"},"event_key":{"S":"${index + 1}"}}`
    return `{"Items":[${page.join()}]${next}}`
  })
}
