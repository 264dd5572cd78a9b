import type { AwsUsage, EmulatedAws } from '@northbound/template-runner'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import type { BenchBundles } from '../bundles.ts'
import type { ApplyMeasurement } from '../cost.ts'
import { countRequests } from '../count-requests.ts'
import { generateMeetings, realisticMix } from '../mix.ts'
import type { BenchRow } from '../row.ts'
import { type BenchApplier, createMessages, defaultBatchSize, drain, startApplier } from './applier.ts'

export type ApplyUsage = AwsUsage & {
  readonly events: number
  /** Logged by the function itself. */
  readonly loggedBytes: number
  /** Bytes of the event log at the end, index included. */
  readonly storedBytes: number
  readonly tables: BenchApplier['tables']
}

export type ApplySides = Readonly<Record<'ours' | 'peer', ApplyUsage>>

/** Usage for the realistic mix, for the mix with every event sent twice, and with every batch delivered twice. */
export type ApplyCounts = Readonly<Record<'mix' | 'duplicates' | 'redelivered', ApplySides>>

/** Applies events with new tables and counts the usage. */
export async function countUsage(
  aws: EmulatedAws,
  bundle: string,
  bundles: BenchBundles,
  events: readonly NorthboundEvent[],
  batchSize = defaultBatchSize,
): Promise<ApplyUsage> {
  const applier = await startApplier(aws, bundle, bundles)
  aws.takeUsage()
  await drain(applier, createMessages(events), batchSize)
  await applier.function.stop()
  const loggedBytes = applier.function.loggedBytes()
  const storedBytes = aws.storedBytes(applier.tables.eventLog)
  return { ...aws.takeUsage(), events: events.length, loggedBytes, storedBytes, tables: applier.tables }
}

export async function countApply(aws: EmulatedAws, bundles: BenchBundles): Promise<ApplyCounts> {
  const oursBundle = bundles.bundle('ApplyEvents')
  const peerBundle = await bundles.bundlePeer('apply-events')
  const countSides = async (events: readonly NorthboundEvent[]) => ({
    ours: await countUsage(aws, oursBundle, bundles, events),
    peer: await countUsage(aws, peerBundle, bundles, events),
  })
  return {
    mix: await countSides(generateMeetings(realisticMix)),
    duplicates: await countSides(generateMeetings({ ...realisticMix, duplicateShare: 1 })),
    redelivered: await countSides(repeatBatches(generateMeetings(realisticMix))),
  }
}

function repeatBatches(events: readonly NorthboundEvent[]): NorthboundEvent[] {
  const batches = Array.from({ length: Math.ceil(events.length / defaultBatchSize) }, (_, index) =>
    events.slice(index * defaultBatchSize, (index + 1) * defaultBatchSize),
  )
  return batches.flatMap((batch) => [...batch, ...batch])
}

type ApplyDesign = Pick<ApplyMeasurement, 'requestOrder' | 'fairQueue'>
const ourDesign: ApplyDesign = { requestOrder: 'concurrent', fairQueue: true }
const peerDesign: ApplyDesign = { requestOrder: 'sequential', fairQueue: false }

/** The input of the cost model. */
export function createMeasurements({ ours, peer }: ApplyCounts['mix']): Record<'ours' | 'peer', ApplyMeasurement> {
  return { ours: createMeasurement(ours, ourDesign), peer: createMeasurement(peer, peerDesign) }
}

function createMeasurement(usage: ApplyUsage, design: ApplyDesign, batchSize = defaultBatchSize): ApplyMeasurement {
  const { events, loggedBytes, writeUnits, readUnits, requests } = usage
  const snsRequests = requests.get('sns:PublishBatch') ?? 0
  const dynamodbRequests = countRequests(usage, 'dynamodb')
  return { ...design, events, batchSize, loggedBytes, writeUnits, readUnits, snsRequests, dynamodbRequests }
}

/** Counts the usage of our function for smaller batches, as at low event rates. */
export async function countBatchSizes(
  aws: EmulatedAws,
  bundles: BenchBundles,
  batchSizes: readonly number[],
): Promise<ApplyMeasurement[]> {
  const measurements: ApplyMeasurement[] = []
  for (const batchSize of batchSizes) {
    const events = generateMeetings(realisticMix)
    const usage = await countUsage(aws, bundles.bundle('ApplyEvents'), bundles, events, batchSize)
    measurements.push(createMeasurement(usage, ourDesign, batchSize))
  }
  return measurements
}

export function createApplyRows({ mix, duplicates, redelivered }: ApplyCounts): BenchRow[] {
  const requests = { ours: requestsPerEvent(mix.ours), peer: requestsPerEvent(mix.peer) }
  const units = { ours: writeUnitsPerEvent(mix.ours), peer: writeUnitsPerEvent(mix.peer) }
  return [
    {
      name: 'apply-requests',
      unit: 'requests per event',
      ...requests,
      targets: { maxRatio: 0.3 },
      counted: true,
    },
    {
      name: 'apply-write-units',
      unit: 'write units per event',
      ...units,
      targets: { maxRatio: 0.5 },
      counted: true,
    },
    {
      name: 'apply-duplicates',
      unit: 'requests per delivery, half of them duplicates',
      ours: requestsPerEvent(duplicates.ours),
      peer: requestsPerEvent(duplicates.peer),
      targets: { maxRatio: 0.35 },
      counted: true,
    },
    {
      name: 'apply-redelivered',
      unit: 'requests per delivery, each batch delivered twice',
      ours: requestsPerEvent(redelivered.ours),
      peer: requestsPerEvent(redelivered.peer),
      targets: {},
      counted: true,
    },
  ]
}

function requestsPerEvent(usage: ApplyUsage): [number] {
  return [countRequests(usage, 'dynamodb') / usage.events]
}

function writeUnitsPerEvent({ writeUnits, events }: ApplyUsage): [number] {
  return [writeUnits / events]
}
