import { createHash } from 'node:crypto'
import { maxRecentEvents } from '../../core/projection/recent-events.ts'
import { groupConcurrency, maxGroupStreams } from '../../lambdas/apply-events/apply-streams.ts'
import { maxApplyMs } from '../../lambdas/apply-events/budgets.ts'
import { projectionConcurrency } from '../../lambdas/apply-events/update-projection.ts'
import { assumptions } from '../cost.ts'
import { createOtherArrivals, createStormArrivals, replacePartitions, type StormRoom } from './arrivals.ts'
import type { StormModel, StormOutcome } from './model.ts'
import { simulateStorm } from './simulate.ts'
import { percentile, type StormSummary, summarizeStorm } from './summary.ts'

/** Other rooms are busy before the storm, so that their groups are known to be quiet. */
const otherRooms = { rooms: 200, fromMs: -60_000, untilMs: 240_000 }

/** What `apply-events` does with the projections of a batch (docs/decisions/0035). */
const applyRules = {
  groupSize: maxGroupStreams,
  groupConcurrency,
  projectionConcurrency: projectionConcurrency / groupConcurrency,
  budgetMs: maxApplyMs,
  maxRecentEvents,
  // The checkpoints; the log of the participant, the log of the room, the room, and the past sessions.
  historyReads: [1, 4],
}

/** Models a room whose participants all reconnect, with the limits of the deployed stack. */
export function createStormModel(room: StormRoom): StormModel {
  return {
    arrivals: createStormArrivals(room),
    // A cold start takes about 100 ms on a full core (cold-receive); Lambda has less of a core and its own overhead.
    receive: { coldMs: 300, warmMs: assumptions.callbackMs },
    // As in lib/event-applier.ts and lib/event-queues.ts; the growth is that of AWS for standard queues.
    queue: {
      batchSize: 100,
      windowMs: 1000,
      initialConcurrency: 5,
      concurrencyGrowthPerSecond: 5,
      maxConcurrency: 20,
      detectionDelayMs: 200_000,
    },
    apply: {
      coldMs: 500,
      requestMs: assumptions.requestMs,
      cpuMsPerRequest: assumptions.cpuMsPerRequest,
      ...applyRules,
    },
    dynamodb: { partitionUnitsPerSecond: 1000 },
  }
}

/** Adds the events of other rooms, which the queue delivers first once the group of the storm is noisy. */
export function addOtherRooms(model: StormModel, detectionDelayMs: number): StormModel {
  return {
    ...model,
    arrivals: [...model.arrivals, ...createOtherArrivals(otherRooms)],
    queue: { ...model.queue, detectionDelayMs },
  }
}

export type StormScenario = {
  readonly name: string
  readonly storm: StormOutcome
  readonly summary: StormSummary
}

/** A new table or index of DynamoDB has four partitions, which its keys share. */
const partitionsOfNewTable = 4

/** Simulates the deployed stack and variants of its partitions, with the other rooms. */
export function simulateScenarios(room: StormRoom): StormScenario[] {
  const model = createStormModel(room)
  const detected = addOtherRooms(model, 0)
  const group = model.arrivals[0]?.group ?? ''
  const variants: [string, StormModel][] = [
    ['as deployed, the storm detected at once', detected],
    ['as deployed, the storm not detected', addOtherRooms(model, 200_000)],
    ['tables as new: four partitions each', movePartitions(detected, placeInNewTable)],
    ['one partition for each table', movePartitions(detected, tableOf)],
  ]
  return variants.map(([name, variant]) => {
    const storm = simulateStorm(variant)
    return { name, storm, summary: summarizeStorm(storm, group) }
  })
}

/** Moves what is written to a partition to another one. */
export function movePartitions(model: StormModel, move: (partition: string) => string): StormModel {
  return { ...model, arrivals: model.arrivals.map((arrival) => replacePartitions(arrival, move)) }
}

/** The table or index that a partition belongs to. */
export function tableOf(partition: string): string {
  return partition.slice(0, partition.indexOf(' '))
}

function placeInNewTable(partition: string): string {
  const place = createHash('md5').update(partition).digest().readUInt32BE(0) % partitionsOfNewTable
  return `${tableOf(partition)} ${place}`
}

/** The figures of a scenario as text. */
export function formatScenario({ name, storm, summary }: StormScenario): string {
  const { batches, conflicts, redeliveries, throttledRequests, receiverConcurrency } = storm
  const { lastAppliedMs, delaysMs, otherDelaysMs, maxWaiting } = summary
  const formatDelays = (delays: readonly number[]) =>
    `${formatSeconds(percentile(delays, 0.5))} (median), ${formatSeconds(percentile(delays, 0.99))} (99 %), ${formatSeconds(percentile(delays, 1))} (maximum)`
  return [
    name,
    `  ${delaysMs.length} events; all applied after ${formatSeconds(lastAppliedMs)}; delay: ${formatDelays(delaysMs)}`,
    `  ${otherDelaysMs.length} events of other rooms meanwhile; delay: ${formatDelays(otherDelaysMs)}`,
    `  up to ${maxWaiting} messages waiting; ${batches} batches; ${conflicts} conflicts; ${throttledRequests} throttled requests; ${redeliveries} redeliveries; ${receiverConcurrency} concurrent receivers`,
  ].join('\n')
}

function formatSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
