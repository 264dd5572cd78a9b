import { assumptions } from './cost.ts'
import { generateReconnections } from './mix.ts'
import { simulateStorm } from './simulate-storm.ts'
import { storedProjectionSize } from './stored-projections.ts'
import type { StormModel, StormOutcome } from './storm-model.ts'

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
    arrivals: events.map(({ received_at, params }) => ({
      atMs: received_at - startMs,
      userId: params.user_id ?? '',
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
      timelinePartitions: 1,
      statePartitions: 1,
      projectionUnits: projectionUnitsAfterReconnecting(),
    },
  }
}

export type StormScenario = { readonly name: string; readonly storm: StormOutcome }

/** Simulates the deployed stack and two variants with the room spread over more partitions. */
export function simulateScenarios(participants: number, withinSeconds: number): StormScenario[] {
  const model = createStormModel(participants, withinSeconds)
  const spreadOver = (partitions: number): StormModel => ({
    ...model,
    dynamodb: { ...model.dynamodb, timelinePartitions: partitions, statePartitions: partitions },
  })
  return [
    { name: 'as deployed: the room in one partition', storm: simulateStorm(model) },
    { name: 'the room spread over four partitions', storm: simulateStorm(spreadOver(4)) },
    { name: 'partitions without a limit', storm: simulateStorm(spreadOver(1e6)) },
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
