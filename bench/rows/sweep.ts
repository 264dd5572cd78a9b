import { createServer } from 'node:http'
import { parseEvent } from '../../core/protocol/events.ts'
import type { ObservedRoom } from '../../core/reconciliation/compare.ts'
import { startAws } from '../aws.ts'
import type { Deployment } from '../bundles.ts'
import { lambdaEnvironment, startFunction } from '../function.ts'
import { listen } from '../listen.ts'
import type { Row } from '../row.ts'
import { storeViews } from '../stored.ts'

const peopleInRoom = 50
/** So many of a room's people are not in the list: they have to be looked up, and told gone. */
const missingInRoom = 5

function observedRooms(people: number): ObservedRoom[] {
  return Array.from({ length: people / peopleInRoom }, (_, room) => ({
    room_id: `R${room}`,
    users: Array.from({ length: peopleInRoom }, (_, user) => ({ user_id: `U${user}`, user_name: `与会者 ${user}` })),
  }))
}

/** The platform's list: every room, and in each some people fewer than the state has. */
function listOf(rooms: readonly ObservedRoom[]): string {
  const list = rooms.map(({ room_id, users }) => ({ room_id, users: users.slice(missingInRoom) }))
  return JSON.stringify({ ret: 0, data: { list } })
}

function eventsOf(rooms: readonly ObservedRoom[]) {
  return rooms
    .flatMap(({ room_id, users }) => [
      { event: 'open', room_id },
      ...users.map(({ user_id, user_name = '' }) => ({
        event: 'join',
        room_id,
        user_id,
        user_name,
        endpoint_type: 'web',
      })),
    ])
    .map((params, index) =>
      parseEvent({ trace_id: `t${index}`, received_at: 1_768_438_800_000, source: 'callback' }, params),
    )
}

/**
 * Sweeps over so many people in rooms of 50, a tenth of them missing from the list: seconds, and the most memory that the
 * process had. Each sweep is in a new process of the deployed bundle. One before all others finds who is missing; what is
 * measured corrects them.
 *
 * The platform, the queue, the secret and DynamoDB are played by this process, on another core.
 */
export async function sweep({ bundle, table }: Pick<Deployment, 'bundle' | 'table'>, rounds: number, people: number) {
  const rooms = observedRooms(people)
  const list = listOf(rooms)
  const platform = createServer((request, response) => {
    response.end(request.url?.includes('get_token') ? JSON.stringify({ ret: 0, token: 't' }) : list)
  })
  const base_url = await listen(platform)
  const aws = await startAws({ secret: { base_url, access_key: 'a', secret_key: 's' } })
  const seconds: number[] = []
  const memory: number[] = []
  try {
    await aws.createTable('State', table('State'))
    await storeViews(aws.dynamodb, 'State', eventsOf(rooms))
    const variables = {
      ...lambdaEnvironment('reconcile-rooms', aws.endpoint),
      EVENT_QUEUE_URL: `${aws.endpoint}/000000000000/events`,
      STATE_TABLE: 'State',
      AVD_SECRET_ARN: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:avd',
      ALERT_TOPIC_ARN: 'arn:aws:sns:us-east-1:000000000000:alerts',
      AVD_BASE_URL: '',
      SWEEP_GRACE_SECONDS: '0',
      TIME_ZONE: 'Asia/Shanghai',
    }
    for (let round = 0; round <= rounds; round++) {
      const reconciler = await startFunction(bundle('ReconcileRooms'), variables)
      const { result, ms, memoryMiB } = await reconciler.invoke<{ outcome: string }>({}, 55_000)
      await reconciler.stop()
      const corrections = aws.takeUsage().messages.length
      const wanted = round === 0 ? 0 : rooms.length * missingInRoom
      if (result.outcome !== 'swept' || corrections !== wanted)
        throw new Error(`sweep ${round + 1}: ${result.outcome}, ${corrections} corrections instead of ${wanted}`)
      if (round === 0) continue
      seconds.push(ms / 1000)
      memory.push(memoryMiB)
    }
  } finally {
    platform.close()
    platform.closeAllConnections()
    await aws.close()
  }
  const rows: Row[] = [
    {
      name: 'sweep-seconds',
      unit: `s for ${people} people`,
      ours: seconds,
      peer: null,
      targets: { ours: 30 },
      counted: false,
    },
    {
      name: 'sweep-memory-mib',
      unit: `MiB for ${people} people`,
      ours: memory,
      peer: null,
      targets: { ours: 512 },
      counted: false,
    },
  ]
  return rows
}
