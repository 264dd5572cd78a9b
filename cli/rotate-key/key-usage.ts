import { type CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch'
import type { CallbackCountReader } from '../../core/ports/callback-counter.ts'
import * as metricNames from '../../names/metrics.ts'
import { type CallbackOutcome, outcomeDimension } from '../../names/outcomes.ts'
import type { ServiceName } from '../../names/services.ts'

/** How callbacks of the last hour were signed. The numbers are approximate: metrics are up to two minutes late. */
export interface KeyUsage {
  readonly current: number
  /** Signed with the key that is the previous one now, also while it was still the current one. */
  readonly previous: number
  /** Queued while the key could not be read. Which key they were signed with is not known. */
  readonly unverified: number
  /** ms since 1970: when the previous key was used last, as far as is known; undefined if not in the last hour. */
  readonly previousUsedAt: number | undefined
}

export interface UsageSources {
  readonly cloudWatch: CloudWatchClient
  readonly counts: CallbackCountReader
  /** Namespace of the installation's metrics. */
  readonly namespace: string
}

const hourMs = 3_600_000
const minuteMs = 60_000
const receiver: ServiceName = 'receive-callback'

export interface UsageRequest {
  /** ms since 1970: when the current version of the secret was saved. */
  readonly savedAt: number
  readonly hasPrevious: boolean
  /** ms since 1970 */
  readonly now: number
  readonly signal: AbortSignal
}

/** Counts the callbacks of the last hour by their key. Those in the minute of a rotation count as signed with the previous key. */
export async function readKeyUsage(
  sources: UsageSources,
  { savedAt, hasPrevious, now, signal }: UsageRequest,
): Promise<KeyUsage> {
  const hourAgo = now - hourMs
  // Before, the outcome "previous" was about another key, and what is the previous key now was the current one.
  const rotatedAt = Math.max(hasPrevious ? savedAt : 0, hourAgo)
  const [applied, appliedBefore, previous, unverified] = await Promise.all([
    countApplied(sources, { from: hourAgo, to: now }, signal),
    rotatedAt > hourAgo ? countApplied(sources, { from: hourAgo, to: rotatedAt }, signal) : 0,
    readOutcome(sources, 'accepted_with_previous_key', { from: rotatedAt, to: now }, signal),
    readOutcome(sources, 'accepted_unverified', { from: hourAgo, to: now }, signal),
  ])
  const old = hasPrevious ? previous.count + appliedBefore : 0
  return {
    current: Math.max(0, applied - old),
    previous: old,
    unverified: unverified.count,
    previousUsedAt: old === 0 ? undefined : (previous.lastAt ?? rotatedAt),
  }
}

type Interval = { readonly from: number; readonly to: number }

async function countApplied({ counts }: UsageSources, interval: Interval, signal: AbortSignal): Promise<number> {
  const kinds = await counts.countByKind(interval, signal)
  return Object.values(kinds).reduce((sum, count) => sum + count, 0)
}

async function readOutcome(
  { cloudWatch, namespace }: UsageSources,
  outcome: CallbackOutcome,
  { from, to }: Interval,
  abortSignal: AbortSignal,
): Promise<{ readonly count: number; readonly lastAt: number | undefined }> {
  const command = new GetMetricStatisticsCommand({
    Namespace: namespace,
    MetricName: metricNames.callbacks,
    Dimensions: [
      { Name: 'service', Value: receiver },
      { Name: outcomeDimension, Value: outcome },
    ],
    StartTime: new Date(from),
    EndTime: new Date(to + minuteMs),
    Period: 60,
    Statistics: ['Sum'],
  })
  const { Datapoints = [] } = await cloudWatch.send(command, { abortSignal })
  const used = Datapoints.filter(({ Sum = 0 }) => Sum > 0)
  const times = used.map(({ Timestamp }) => (Timestamp?.getTime() ?? 0) + minuteMs)
  return {
    count: used.reduce((sum, { Sum = 0 }) => sum + Sum, 0),
    lastAt: times.length === 0 ? undefined : Math.min(to, Math.max(...times)),
  }
}
