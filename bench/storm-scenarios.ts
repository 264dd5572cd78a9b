import { createHash } from 'node:crypto'
import { itemKey, streamKey, timelineKey } from '../adapters/dynamodb/keys.ts'
import type { NorthboundEvent } from '../core/protocol/events.ts'
import { aggregateOf } from '../core/state/aggregate.ts'
import { assumptions } from './cost.ts'
import { generateReconnections } from './mix.ts'
import { simulateStorm } from './simulate-storm.ts'
import { storedProjectionSize } from './stored-projections.ts'
import type { StormModel, StormOutcome, StormPartitions } from './storm-model.ts'

/** Write units of the projection of a participant who has reconnected once. */
export function projectionUnitsAfterReconnecting(): number {
  const generateJoin = (seed: number) =>
    generateReconnections(10, 1000, seed).filter(({ params }) => params.user_id === '10000')
  const rejoin = generateJoin(2).map((event) => ({ ...event, received_at: event.received_at + 60_000 }))
  return Math.ceil(storedProjectionSize([...generateJoin(1), ...rejoin]) / 1024)
}

/** Models a room whose participants all reconnect within the given time, with the limits of the deployed stack. */
export function createStormModel(participants: number, withinSeconds: number): StormModel {
  const events = generateReconnections(participants, withinSeconds * 1000, 1)
  const startMs = events[0]?.received_at ?? 0
  return {
    arrivals: events.map((event) => ({
      atMs: event.received_at - startMs,
      userId: event.params.user_id ?? '',
      partitions: partitionsOf(event),
    })),
    // A cold start takes about 100 ms on a full core (cold-receive); Lambda has less of a core and its own overhead.
    receive: { coldMs: 300, warmMs: assumptions.callbackMs },
    // As in lib/event-applier.ts; the growth is that of AWS for standard queues.
    queue: {
      batchSize: 100,
      windowMs: 1000,
      initialConcurrency: 5,
      concurrencyGrowthPerSecond: 5,
      maxConcurrency: 20,
    },
    apply: {
      requestMs: assumptions.requestMs,
      cpuMsPerRequest: assumptions.cpuMsPerRequest,
      participantConcurrency: assumptions.requestConcurrency,
    },
    dynamodb: {
      partitionUnitsPerSecond: 1000,
      projectionUnits: projectionUnitsAfterReconnecting(),
    },
  }
}

/** The partitions that the deployed functions write to. */
function partitionsOf(event: NorthboundEvent): StormPartitions {
  const aggregate = aggregateOf(event)
  const group = aggregate.kind === 'other' ? '' : itemKey(aggregate).group
  return {
    log: `log ${streamKey(aggregate)}`,
    timeline: `timeline ${timelineKey(aggregate)}`,
    state: `state ${group}`,
  }
}

/** Replaces the partitions of a model. */
function replacePartitions(model: StormModel, replace: (partition: string) => string): StormModel {
  const arrivals = model.arrivals.map(({ partitions: { log, timeline, state }, ...arrival }) => ({
    ...arrival,
    partitions: { log: replace(log), timeline: replace(timeline), state: replace(state) },
  }))
  return { ...model, arrivals }
}

/** A new table or index of DynamoDB has four partitions, which its keys share. */
const partitionsOfNewTable = 4

export type StormScenario = { readonly name: string; readonly storm: StormOutcome }

/** Simulates the deployed stack and variants of its partitions. */
export function simulateScenarios(participants: number, withinSeconds: number): StormScenario[] {
  const model = createStormModel(participants, withinSeconds)
  const table = (partition: string) => partition.slice(0, partition.indexOf(' '))
  const inOnePartition = replacePartitions(model, (partition) =>
    partition.startsWith('log ') ? partition : table(partition),
  )
  const inNewTables = replacePartitions(
    model,
    (partition) =>
      `${table(partition)} ${createHash('md5').update(partition).digest().readUInt32BE(0) % partitionsOfNewTable}`,
  )
  const unlimited = { ...model, dynamodb: { ...model.dynamodb, partitionUnitsPerSecond: Number.POSITIVE_INFINITY } }
  return [
    { name: 'as deployed', storm: simulateStorm(model) },
    { name: 'as deployed, tables as new: four partitions each', storm: simulateStorm(inNewTables) },
    { name: 'a room in one partition', storm: simulateStorm(inOnePartition) },
    { name: 'partitions without a limit', storm: simulateStorm(unlimited) },
  ]
}

/** The figures of a scenario as text. */
export function formatScenario({ name, storm }: StormScenario): string {
  const { depths, delays, receiverConcurrency, batches, conflicts } = storm
  const sorted = delays.map(({ delayMs }) => delayMs).toSorted((a, b) => a - b)
  const percentile = (share: number) =>
    formatSeconds(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)
  const maxWaiting = depths.reduce((max, { waiting }) => Math.max(max, waiting), 0)
  return [
    name,
    `  ${delays.length} events in ${batches} batches; all applied after ${formatSeconds(delays.at(-1)?.atMs ?? 0)}`,
    `  delay: ${percentile(0.5)} (median), ${percentile(0.99)} (99 %), ${percentile(1)} (maximum)`,
    `  up to ${maxWaiting} messages waiting; ${receiverConcurrency} concurrent receivers; ${conflicts} projections rebuilt after conflicts`,
  ].join('\n')
}

function formatSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
