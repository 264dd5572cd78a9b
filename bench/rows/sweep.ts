import { createServer } from 'node:http'
import { type EmulatedAws, startEmulatedAws } from '@northbound/template-runner'
import { type NorthboundEvent, parseEvent } from '../../core/protocol/events.ts'
import type { ObservedRoom } from '../../core/reconciliation/compare.ts'
import type { BenchBundles } from '../bundles.ts'
import { lambdaEnvironment, startFunction } from '../function.ts'
import { listen } from '../listen.ts'
import type { BenchRow } from '../row.ts'
import { storeProjections } from '../stored-projections.ts'

const participantsPerRoom = 50
/** People of each room who are not in the platform's list: the sweep looks them up and sends corrections. */
const missingPerRoom = 5
/** A correction is sent once, so each round misses others. */
const missingGroups = participantsPerRoom / missingPerRoom

/**
 * Measures sweeps over people in rooms of 50, a tenth of them missing from the list: seconds and peak memory.
 *
 * Each sweep runs in a new process of the deployed bundle. In each round, a first sweep detects who is missing, and the measured
 * one corrects it. This process emulates the platform and AWS, on another core.
 */
export async function measureSweep(
  bundles: Pick<BenchBundles, 'bundle' | 'table'>,
  rounds: number,
  participants: number,
): Promise<BenchRow[]> {
  const rooms = createRooms(participants)
  const platform = await startPlatform(rooms)
  const aws = await startEmulatedAws()
  try {
    const { queueUrl, environment } = await createSweepEnvironment(aws, bundles, platform.url)
    await storeProjections(aws.dynamodbUrl, environment.STATE_TABLE, createEvents(rooms))
    const sweep = async (expectedCorrections: number) => {
      const reconciler = await startFunction(bundles.bundle('ReconcileRooms'), environment)
      const { result, ms, peakMemoryMiB } = await reconciler.invoke<{ outcome: string }>({}, 55_000)
      await reconciler.stop()
      const corrections = (await aws.takeMessages(queueUrl)).length
      if (result.outcome !== 'swept' || corrections !== expectedCorrections)
        throw new Error(`${result.outcome}: ${corrections} corrections instead of ${expectedCorrections}`)
      return { seconds: ms / 1000, peakMemoryMiB }
    }
    const sweeps: Awaited<ReturnType<typeof sweep>>[] = []
    for (let round = 0; round < rounds; round++) {
      platform.loseUsers(round % missingGroups)
      await sweep(0)
      sweeps.push(await sweep(rooms.length * missingPerRoom))
    }
    return [
      {
        name: 'sweep-seconds',
        unit: `s for ${participants} people`,
        ours: sweeps.map(({ seconds }) => seconds),
        peer: null,
        targets: { maxOurs: 30 },
        counted: false,
      },
      {
        name: 'sweep-memory-mib',
        unit: `MiB for ${participants} people`,
        ours: sweeps.map(({ peakMemoryMiB }) => peakMemoryMiB),
        peer: null,
        targets: { maxOurs: 512 },
        counted: false,
      },
    ]
  } finally {
    platform.stop()
    await aws.stop()
  }
}

function createRooms(participants: number): ObservedRoom[] {
  return Array.from({ length: participants / participantsPerRoom }, (_, room) => ({
    room_id: `R${room}`,
    users: Array.from({ length: participantsPerRoom }, (_, user) => ({
      user_id: `U${user}`,
      user_name: `与会者 ${user}`,
    })),
  }))
}

function createEvents(rooms: readonly ObservedRoom[]): NorthboundEvent[] {
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

/** A platform that lists every room without the missing people. */
async function startPlatform(rooms: readonly ObservedRoom[]) {
  let listResponse = ''
  const tokenResponse = JSON.stringify({ ret: 0, token: 't' })
  const server = createServer((request, response) => {
    response.end(request.url?.includes('get_token') ? tokenResponse : listResponse)
  })
  return {
    url: await listen(server),
    loseUsers(group: number) {
      const isListed = (_: unknown, index: number) => Math.floor(index / missingPerRoom) !== group
      const list = rooms.map(({ room_id, users }) => ({ room_id, users: users.filter(isListed) }))
      listResponse = JSON.stringify({ ret: 0, data: { list } })
    },
    stop() {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function createSweepEnvironment(aws: EmulatedAws, { table }: Pick<BenchBundles, 'table'>, platformUrl: string) {
  await aws.createTable('State', table('State'))
  await aws.createTable('EventLog', table('EventLog'))
  const queueUrl = await aws.createQueue('events')
  const settings = { base_url: platformUrl, access_key: 'a', secret_key: 's' }
  const environment = {
    ...lambdaEnvironment('reconcile-rooms', aws.endpointUrl),
    EVENT_QUEUE_URL: queueUrl,
    STATE_TABLE: 'State',
    EVENT_LOG_TABLE: 'EventLog',
    AVD_SECRET_ARN: aws.createSecret('avd', JSON.stringify(settings)),
    ALERT_TOPIC_ARN: await aws.createTopic('alerts'),
    AVD_BASE_URL: '',
    SWEEP_GRACE_SECONDS: '0',
    ALERT_WINDOW_MINUTES: '10',
    TIME_ZONE: 'Asia/Shanghai',
  }
  return { queueUrl, environment }
}
