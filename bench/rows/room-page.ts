import type { EmulatedAws } from '@northbound/template-runner'
import { type NorthboundEvent, parseEvent } from '../../core/protocol/events.ts'
import type { BenchBundles } from '../bundles.ts'
import { countRequests } from '../count-requests.ts'
import { type BenchFunction, startFunction } from '../function.ts'
import { generateMeetings } from '../mix.ts'
import type { BenchRow } from '../row.ts'
import { interleave } from '../statistics.ts'
import { storeProjections } from '../stored-projections.ts'
import { createQueryEnvironment, queryApi } from './query-function.ts'

const participantsInRoom = 1000
const visitors = 20_000
/** Participants on the first page of the room with many visitors: the default of the API. */
const participantsOnPage = 100
const roomId = '18000000'
const visitedRoomId = '18000001'

type PageMeasurement = { readonly ms: number; readonly participants: number }
type Measure = (readPage: () => Promise<PageMeasurement>) => Promise<PageMeasurement & { readonly requests: number }>

/**
 * Measures the requests and the time to show one room with 1,000 people and all their streams, and the first page of a
 * room that 20,000 people have visited.
 */
export async function measureRoomPages(aws: EmulatedAws, bundles: BenchBundles, rounds: number): Promise<BenchRow[]> {
  const all = generateMeetings({ rooms: 1, participantsPerRoom: participantsInRoom, duplicateShare: 0, seed: 1 })
  const events = all.filter(({ event }) => event !== 'leave' && event !== 'close')
  const environment = await createQueryEnvironment(aws, bundles, 'page')
  await storeProjections(aws.dynamodbUrl, environment.STATE_TABLE, events)
  await storeProjections(aws.dynamodbUrl, environment.STATE_TABLE, generateVisits())
  const ours = await startFunction(bundles.bundle('QueryApi'), environment)
  const peer = await startFunction(await bundles.bundlePeer('read-room'), environment)
  const userIds = [...new Set(events.flatMap(({ params }) => params.user_id ?? []))]
  const measure: Measure = async (readPage) => {
    aws.takeUsage()
    const page = await readPage()
    return { ...page, requests: countRequests(aws.takeUsage(), 'dynamodb') }
  }
  try {
    const compared = await comparePages(
      measure,
      rounds,
      () => readOurPage(ours, `room_id=${roomId}&limit=${participantsInRoom}`),
      () => readPeerPage(peer, userIds),
    )
    return [...compared, ...(await measureVisitedRoom(measure, rounds, ours))]
  } finally {
    await Promise.all([ours.stop(), peer.stop()])
  }
}

async function comparePages(
  measure: Measure,
  rounds: number,
  readOurs: () => Promise<PageMeasurement>,
  readPeer: () => Promise<PageMeasurement>,
): Promise<BenchRow[]> {
  const requests = { ours: [] as number[], peer: [] as number[] }
  const measurePage = async (readPage: () => Promise<PageMeasurement>, requestSample: number[]) => {
    const page = await measure(readPage)
    requireParticipants(page, participantsInRoom)
    requestSample.push(page.requests)
    return page.ms
  }
  const times = await interleave(
    rounds,
    () => measurePage(readOurs, requests.ours),
    () => measurePage(readPeer, requests.peer),
  )
  return [
    {
      name: 'room-page-requests',
      unit: `requests for ${participantsInRoom} people`,
      ...requests,
      targets: { maxRatio: 0.05, maxOurs: 12 },
      counted: true,
    },
    { name: 'room-page-ms', unit: `ms for ${participantsInRoom} people`, ...times, targets: {}, counted: false },
  ]
}

async function measureVisitedRoom(measure: Measure, rounds: number, queryFunction: BenchFunction): Promise<BenchRow[]> {
  const pages = []
  for (let round = 0; round <= rounds; round++) {
    const page = await measure(() => readOurPage(queryFunction, `room_id=${visitedRoomId}`))
    requireParticipants(page, participantsOnPage)
    // The first round warms up.
    if (round > 0) pages.push(page)
  }
  const shared = { peer: null, targets: {} }
  const suffix = `for a room with ${visitors} visitors`
  return [
    {
      ...shared,
      name: 'visited-room-requests',
      unit: `requests ${suffix}`,
      ours: pages.map(({ requests }) => requests),
      targets: { maxOurs: 12 },
      counted: true,
    },
    { ...shared, name: 'visited-room-ms', unit: `ms ${suffix}`, ours: pages.map(({ ms }) => ms), counted: false },
  ]
}

/** Yields the events of a permanent room: one visitor after the other, of whom the last three are still present. */
function* generateVisits(): Generator<NorthboundEvent> {
  for (let visitor = 0; visitor < visitors; visitor++) {
    const received_at = Date.UTC(2026, 0, 15) + visitor * 60_000
    const createEvent = (event: string, afterMs: number, params: Record<string, string>) => {
      const metadata = {
        trace_id: `${event}-${visitor}`,
        received_at: received_at + afterMs,
        source: 'callback',
      } as const
      return parseEvent(metadata, { event, room_id: visitedRoomId, user_id: String(visitor), ...params })
    }
    yield createEvent('join', 0, { user_name: `Visitor ${visitor}`, endpoint_type: 'web' })
    if (visitor < visitors - 3) yield createEvent('leave', 600_000, { event_type: 'normal' })
  }
}

function requireParticipants({ participants }: PageMeasurement, expected: number): void {
  if (participants !== expected) throw new Error(`the page has ${participants} people`)
}

async function readOurPage(queryFunction: BenchFunction, rawQuery: string): Promise<PageMeasurement> {
  const { ms, body } = await queryApi<{ participants: unknown[] }>(queryFunction, 'room', rawQuery)
  return { ms, participants: body.participants.length }
}

async function readPeerPage(peer: BenchFunction, user_ids: readonly string[]): Promise<PageMeasurement> {
  const { result, ms } = await peer.invoke<{ participants: unknown[] }>({ room_id: roomId, user_ids })
  return { ms, participants: result.participants.length }
}
