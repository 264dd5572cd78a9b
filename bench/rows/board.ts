import type { EmulatedAws } from '@northbound/template-runner'
import { type NorthboundEvent, parseEvent } from '../../core/protocol/events.ts'
import type { BenchBundles } from '../bundles.ts'
import { countRequests } from '../count-requests.ts'
import { startFunction } from '../function.ts'
import type { BenchRow } from '../row.ts'
import { storeProjections } from '../stored-projections.ts'
import { createQueryEnvironment, queryApi } from './query-function.ts'

const rooms = 400
const participantsPerRoom = 15
const participants = rooms * participantsPerRoom

/** Counts the requests of one look at the board: `GET /api/rooms` and `GET /api/stats`, each in a new environment. */
export async function countBoardRequests(aws: EmulatedAws, bundles: BenchBundles): Promise<BenchRow> {
  const environment = await createQueryEnvironment(aws, bundles, 'board')
  await storeProjections(aws.dynamodbUrl, environment.STATE_TABLE, generateRooms())
  const query = async <Body>(resource: string, rawQuery = ''): Promise<Body> => {
    const queryFunction = await startFunction(bundles.bundle('QueryApi'), environment)
    const { body } = await queryApi<Body>(queryFunction, resource, rawQuery)
    await queryFunction.stop()
    return body
  }
  aws.takeUsage()
  const { items } = await query<{ items: { present: number }[] }>('rooms', 'limit=1000')
  const stats = await query<{ participants_present: number }>('stats')
  const requests = countRequests(aws.takeUsage(), 'dynamodb', 'sqs')
  const listed = items.reduce((sum, { present }) => sum + present, 0)
  if (items.length !== rooms || listed !== participants || stats.participants_present !== participants)
    throw new Error(`${items.length} rooms with ${listed} people; the statistics have ${stats.participants_present}`)
  return {
    name: 'board-requests',
    unit: `requests for ${rooms} rooms with ${participants} people`,
    ours: [requests],
    peer: null,
    targets: { maxOurs: 12 },
    counted: true,
  }
}

/** Yields the events that open the rooms and let everyone join. The user ids have the length of a UUID. */
function* generateRooms(): Generator<NorthboundEvent> {
  const received_at = Date.UTC(2026, 0, 15, 1)
  for (let room = 0; room < rooms; room++) {
    const room_id = String(18_000_000 + room)
    const createEvent = (trace_id: string, params: Record<string, string>) =>
      parseEvent({ trace_id, received_at, source: 'callback' }, { room_id, ...params })
    yield createEvent(`open-${room}`, { event: 'open' })
    for (let user = 0; user < participantsPerRoom; user++) {
      const user_id = `9b0d6d3e-9a53-4a2e-8f6e-${String(room * participantsPerRoom + user).padStart(12, '0')}`
      yield createEvent(`join-${user_id}`, {
        event: 'join',
        user_id,
        user_name: `与会者 ${user}`,
        endpoint_type: 'web',
      })
    }
  }
}
