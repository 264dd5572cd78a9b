import type { EmulatedAws } from '@northbound/template-runner'
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import type { BenchBundles } from '../bundles.ts'
import { countDynamoDbRequests } from '../dynamodb-requests.ts'
import { type BenchFunction, lambdaEnvironment, startFunction } from '../function.ts'
import { createHttpEvent } from '../http-request.ts'
import { generateMeetings } from '../mix.ts'
import type { BenchRow } from '../row.ts'
import { interleave } from '../statistics.ts'
import { storeProjections } from '../stored-projections.ts'

const participantsInRoom = 1000
const apiToken = 'bench'
const roomId = '18000000'

type PageMeasurement = { readonly ms: number; readonly participants: number }

/** Measures the requests and the time to show one room with 1,000 people and all their streams. */
export async function measureRoomPage(aws: EmulatedAws, bundles: BenchBundles, rounds: number): Promise<BenchRow[]> {
  const all = generateMeetings({ rooms: 1, participantsPerRoom: participantsInRoom, duplicateShare: 0, seed: 1 })
  const events = all.filter(({ event }) => event !== 'leave' && event !== 'close')
  const environment = await createQueryEnvironment(aws, bundles)
  await storeProjections(aws.dynamodbUrl, environment.STATE_TABLE, events)
  const ours = await startFunction(bundles.bundle('QueryApi'), environment)
  const peer = await startFunction(await bundles.bundlePeer('read-room'), environment)
  const userIds = [...new Set(events.flatMap(({ params }) => params.user_id ?? []))]
  const requests = { ours: [] as number[], peer: [] as number[] }
  const measurePage = async (readPage: () => Promise<PageMeasurement>, requestSample: number[]) => {
    aws.takeUsage()
    const { ms, participants } = await readPage()
    if (participants !== participantsInRoom) throw new Error(`the page has ${participants} people`)
    requestSample.push(countDynamoDbRequests(aws.takeUsage()))
    return ms
  }
  try {
    const times = await interleave(
      rounds,
      () => measurePage(() => readOurPage(ours), requests.ours),
      () => measurePage(() => readPeerPage(peer, userIds), requests.peer),
    )
    return [
      {
        name: 'room-page-requests',
        unit: `requests for ${participantsInRoom} people`,
        ...requests,
        targets: { maxRatio: 0.05 },
        counted: true,
      },
      { name: 'room-page-ms', unit: `ms for ${participantsInRoom} people`, ...times, targets: {}, counted: false },
    ]
  } finally {
    await Promise.all([ours.stop(), peer.stop()])
  }
}

async function createQueryEnvironment(aws: EmulatedAws, { table }: Pick<BenchBundles, 'table'>) {
  const tables = { eventLog: `EventLog-page-${process.pid}`, state: `State-page-${process.pid}` }
  await aws.createTable(tables.eventLog, table('EventLog'))
  await aws.createTable(tables.state, table('State'))
  return {
    ...lambdaEnvironment('query-api', aws.endpointUrl),
    EVENT_LOG_TABLE: tables.eventLog,
    STATE_TABLE: tables.state,
    API_TOKEN_SECRET_ARN: aws.createSecret('api-token', JSON.stringify({ token: apiToken })),
    LAMBDA_TASK_ROOT: '/var/task',
    EVENT_QUEUE_URL: await aws.createQueue('events'),
    DEAD_LETTER_QUEUE_URL: await aws.createQueue('dead-letters'),
    TIME_ZONE: 'Asia/Shanghai',
  }
}

async function readOurPage(queryApi: BenchFunction): Promise<PageMeasurement> {
  const event = createHttpEvent({
    path: `/api/rooms/${roomId}`,
    rawQuery: '',
    rawHeaders: ['authorization', `Bearer ${apiToken}`],
    routeKey: 'ANY /api/{proxy+}',
    pathParameters: { proxy: `rooms/${roomId}` },
    now: Date.now(),
  })
  const { result, ms } = await queryApi.invoke<APIGatewayProxyStructuredResultV2>(event)
  if (result.statusCode !== 200) throw new Error(`the query API responded ${result.statusCode} ${result.body}`)
  return { ms, participants: JSON.parse(result.body ?? '').participants.length }
}

async function readPeerPage(peer: BenchFunction, user_ids: readonly string[]): Promise<PageMeasurement> {
  const { result, ms } = await peer.invoke<{ participants: unknown[] }>({ room_id: roomId, user_ids })
  return { ms, participants: result.participants.length }
}
