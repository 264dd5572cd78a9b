import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { httpApiEvent } from '../../packages/template-runner/src/gateway/event.ts'
import { type Aws, dynamodbRequests } from '../aws.ts'
import type { Deployment } from '../bundles.ts'
import { type BenchFunction, lambdaEnvironment, startFunction } from '../function.ts'
import { meetings } from '../mix.ts'
import type { Row } from '../row.ts'
import { interleave } from '../statistics.ts'
import { storeViews } from '../stored.ts'

export const roomPagePeople = 1000
const token = 'bench'
const room_id = '18000000'

/** What the secret has to hold where the query API runs. */
export const apiTokenSecret = { token }

/** One room with 1,000 people in it, each with what they send and receive: the requests and the time to show it. */
export async function roomPage(
  aws: Aws,
  { bundle, bundlePeer, table }: Pick<Deployment, 'bundle' | 'bundlePeer' | 'table'>,
  rounds: number,
): Promise<Row[]> {
  const names = { eventLog: `EventLog-page-${process.pid}`, state: `State-page-${process.pid}` }
  await aws.createTable(names.eventLog, table('EventLog'))
  await aws.createTable(names.state, table('State'))
  const all = meetings({ rooms: 1, peopleInRoom: roomPagePeople, duplicates: 0, seed: 1 })
  // Before they leave.
  const events = all.filter(({ event }) => event !== 'leave' && event !== 'close')
  await storeViews(aws.dynamodb, names.state, events)
  const variables = {
    ...lambdaEnvironment('query-api', aws.endpoint),
    EVENT_LOG_TABLE: names.eventLog,
    STATE_TABLE: names.state,
    API_TOKEN_SECRET_ARN: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:token',
    LAMBDA_TASK_ROOT: '/var/task',
    EVENT_QUEUE_URL: `${aws.endpoint}/000000000000/events`,
    DEAD_LETTER_QUEUE_URL: `${aws.endpoint}/000000000000/dead-letters`,
    TIME_ZONE: 'Asia/Shanghai',
  }
  const own = await startFunction(bundle('QueryApi'), variables)
  const other = await startFunction(await bundlePeer('read-room'), variables)
  const user_ids = [...new Set(events.flatMap(({ params }) => params.user_id ?? []))]
  const requests = { ours: [] as number[], peer: [] as number[] }
  const measured = async (invoke: () => Promise<{ ms: number; people: number }>, into: number[]) => {
    aws.takeUsage()
    const { ms, people } = await invoke()
    if (people !== roomPagePeople) throw new Error(`the page has ${people} people`)
    into.push(dynamodbRequests(aws.takeUsage()))
    return ms
  }
  try {
    const times = await interleave(
      rounds,
      () => measured(() => ourPage(own), requests.ours),
      () => measured(() => peerPage(other, user_ids), requests.peer),
    )
    return [
      {
        name: 'room-page-requests',
        unit: `requests for ${roomPagePeople} people`,
        ours: requests.ours,
        peer: requests.peer,
        targets: { ratio: 0.05 },
        counted: true,
      },
      { name: 'room-page-ms', unit: `ms for ${roomPagePeople} people`, ...times, targets: {}, counted: false },
    ]
  } finally {
    await Promise.all([own.stop(), other.stop()])
  }
}

async function ourPage(page: BenchFunction): Promise<{ ms: number; people: number }> {
  const event = httpApiEvent(
    {
      method: 'GET',
      path: `/api/rooms/${room_id}`,
      rawQuery: '',
      httpVersion: '1.1',
      rawHeaders: ['host', 'abc123.execute-api.us-east-1.amazonaws.com', 'authorization', `Bearer ${token}`],
      body: Buffer.alloc(0),
      sourceIp: '203.0.113.7',
    },
    {
      apiId: 'abc123',
      accountId: '000000000000',
      requestId: 'JKJaXmPLvHcESHA=',
      routeKey: 'ANY /api/{proxy+}',
      pathParameters: { proxy: `rooms/${room_id}` },
      now: Date.now(),
      port: 443,
    },
  )
  const { result, ms } = await page.invoke<APIGatewayProxyStructuredResultV2>(event)
  if (result.statusCode !== 200) throw new Error(`answered ${result.statusCode} ${result.body}`)
  return { ms, people: JSON.parse(result.body ?? '').participants.length }
}

async function peerPage(page: BenchFunction, user_ids: string[]): Promise<{ ms: number; people: number }> {
  const { result, ms } = await page.invoke<{ participants: unknown[] }>({ room_id, user_ids })
  return { ms, people: result.participants.length }
}
