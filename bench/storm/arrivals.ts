import type { PartitionUnits } from '@northbound/template-runner'
import { itemKey, streamKey, timelineKey } from '../../adapters/dynamodb/keys.ts'
import { listingPartition, shardOf } from '../../adapters/dynamodb/listing-keys.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { messageGroupOf } from '../../core/protocol/message-group.ts'
import { aggregateOf, streamOf } from '../../core/state/aggregate.ts'
import { generateMeetings, generateReconnections, realisticMix } from '../mix.ts'
import { storedProjectionSize } from '../stored-projections.ts'
import type { StormArrival } from './model.ts'

const hourMs = 3_600_000
const unitBytes = 1024

export type StormRoom = {
  readonly participants: number
  readonly withinSeconds: number
  /** Streams to which each participant subscribes again. */
  readonly subscriptions?: number
}

/**
 * The events of a room whose participants were there and reconnect. They stay in the same session, so no index of the state table
 * changes.
 */
export function createStormArrivals(room: StormRoom): StormArrival[] {
  const { before, storm } = generateStorm(room)
  const startMs = storm[0]?.received_at ?? 0
  const unitsByEvents = countProjectionUnits(before, storm)
  return storm.map((event) => toArrival(event, event.received_at - startMs, unitsByEvents, []))
}

/** The events of the storm, and those of the same participants an hour before. */
export function generateStorm({ participants, withinSeconds, subscriptions }: StormRoom) {
  const generate = (seed: number) => generateReconnections(participants, withinSeconds * 1000, seed, subscriptions)
  const before = generate(2).map((event) => ({ ...event, received_at: event.received_at - hourMs }))
  return { before, storm: generate(1) }
}

/** Write units of the projection of one participant after each event of the storm. */
function countProjectionUnits(before: readonly NorthboundEvent[], storm: readonly NorthboundEvent[]): number[] {
  const userId = storm[0]?.params.user_id
  const ofUser = (events: readonly NorthboundEvent[]) => events.filter(({ params }) => params.user_id === userId)
  const earlier = ofUser(before)
  const events = ofUser(storm)
  return events.map((_, index) =>
    Math.ceil(storedProjectionSize([...earlier, ...events.slice(0, index + 1)]) / unitBytes),
  )
}

export type OtherRooms = {
  readonly rooms: number
  /** ms from the start of the storm. */
  readonly fromMs: number
  readonly untilMs: number
}

/** Rooms that are generated once; more of them are copies at other points of their hour. */
const generatedRooms = 200

/** The events of other rooms: meetings of one hour that take place all the time, so that each is at another point of its hour. */
export function createOtherArrivals({ rooms, fromMs, untilMs }: OtherRooms): StormArrival[] {
  const events = generateMeetings({ ...realisticMix, rooms: Math.min(rooms, generatedRooms) })
  const startMs = events[0]?.received_at ?? 0
  const copies = Math.ceil(rooms / generatedRooms)
  return Array.from({ length: copies }, (_, copy) => {
    const phaseMs = (copy / copies) * hourMs
    return events.flatMap((event) => {
      const atMs = fromMs + ((event.received_at - startMs + phaseMs) % hourMs)
      if (atMs >= untilMs) return []
      const { room_id = '' } = event.params
      const copied = copy === 0 ? event : { ...event, params: { ...event.params, room_id: `${room_id}-${copy}` } }
      return [toArrival(copied, atMs, [1], listIndexWrites(copied))]
    })
  }).flat()
}

/** A participant enters and leaves the list of those present, and a session enters the list of the user's sessions. */
function listIndexWrites({ event, params }: NorthboundEvent): PartitionUnits[] {
  const { room_id = '', user_id = '' } = params
  const list = { partition: `listing ${listingPartition('open', shardOf(room_id))}`, units: 1 }
  if (event === 'join') return [list, { partition: `visits ${user_id}`, units: 1 }]
  return event === 'leave' || event === 'open' || event === 'close' ? [list] : []
}

/** Partitions are named by table or index, and by the keys that the deployed functions use. */
function toArrival(
  event: NorthboundEvent,
  atMs: number,
  unitsByEvents: readonly number[],
  indexWrites: readonly PartitionUnits[],
): StormArrival {
  const aggregate = aggregateOf(event)
  const group = aggregate.kind === 'other' ? '' : itemKey(aggregate).group
  return {
    atMs,
    group: messageGroupOf(event.params),
    stream: streamOf(aggregate),
    logWrites: [
      { partition: `log ${streamKey(aggregate)}`, units: 1 },
      { partition: `timeline ${timelineKey(aggregate)}`, units: 1 },
    ],
    projection: { partition: `state ${group}`, unitsByEvents },
    indexWrites,
  }
}

/** Puts writes into other partitions. */
export function replacePartitions(arrival: StormArrival, replace: (partition: string) => string): StormArrival {
  const replaceAll = (writes: readonly PartitionUnits[]) =>
    writes.map(({ partition, units }) => ({ partition: replace(partition), units }))
  return {
    ...arrival,
    logWrites: replaceAll(arrival.logWrites),
    projection: { ...arrival.projection, partition: replace(arrival.projection.partition) },
    indexWrites: replaceAll(arrival.indexWrites),
  }
}
