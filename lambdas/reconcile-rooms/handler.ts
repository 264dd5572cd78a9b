import type { Logger } from '@aws-lambda-powertools/logger'
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import middy from '@middy/core'
import type { Context } from 'aws-lambda'
import { sweepFailingAlert } from '../../core/notifications/sweep-failing.ts'
import type { CorrectionQueue } from '../../core/ports/event-queue.ts'
import type { Platform } from '../../core/ports/platform.ts'
import type { PresenceReader } from '../../core/ports/presence-reader.ts'
import type { SweepLease, SweepLedger } from '../../core/ports/sweep-ledger.ts'
import type { AlertTopic } from '../../core/ports/topics.ts'
import type { Envelope } from '../../core/protocol/envelope.ts'
import { redactSecrets } from '../../core/protocol/redaction.ts'
import { compare, type ObservedRoom } from '../../core/reconciliation/compare.ts'
import { decideCorrections } from '../../core/reconciliation/decide.ts'
import { noAbsences } from '../../core/reconciliation/presence.ts'
import { metricNames } from '../../names/metrics.ts'

export type HandlerDependencies = {
  /** Undefined where no platform is configured. */
  readonly platform: () => Promise<Platform | undefined>
  readonly presences: PresenceReader
  readonly ledger: SweepLedger
  readonly queue: CorrectionQueue
  readonly alerts: AlertTopic
  /** IANA zone of those who read alerts. */
  readonly timeZone: string
  readonly graceMs: number
  readonly hash: (text: string) => string
  readonly now: () => number
  readonly logger: Logger
  readonly metrics: Metrics
}

export type SweepOutcome = 'not_configured' | 'overlapping' | 'failed' | 'swept'

/** People are told once a failure is no accident any more. */
const failuresBeforeAlert = 3
/** Of the function's time, what is kept for the corrections and the ledger. ms. */
const reserve = 15_000

/**
 * One sweep (contract, section 5): asks the platform for its open rooms, compares, and sends corrections down the same
 * road as every event. Writes no state of its own but its memory.
 */
export function createHandler(dependencies: HandlerDependencies) {
  return middy<unknown, { outcome: SweepOutcome }>().handler(async (_event, context: Context) => {
    const outcome = await sweep(dependencies, context.getRemainingTimeInMillis())
    if (dependencies.metrics.hasStoredMetrics()) dependencies.metrics.publishStoredMetrics()
    return { outcome }
  })
}

async function sweep(dependencies: HandlerDependencies, remainingMs: number): Promise<SweepOutcome> {
  const { ledger, now, metrics, logger } = dependencies
  const platform = await dependencies.platform()
  if (platform === undefined) {
    await ledger.recordDisabled()
    return 'not_configured'
  }
  const began = now()
  const turn = await ledger.begin(began, remainingMs)
  if (turn === undefined) return 'overlapping'
  try {
    const observed = await platform.listOpenRooms(AbortSignal.timeout(Math.max(remainingMs - reserve, 1000)))
    const drift = await correct(dependencies, observed, turn, began)
    metrics.addMetric(metricNames.sweepDuration, MetricUnit.Milliseconds, now() - began)
    return drift
  } catch (error) {
    const failures = turn.failures + 1
    const reason = redactSecrets(error instanceof Error ? error.message : String(error))
    logger.warn('sweep failed; it proves nothing', { reason, failures })
    metrics.addMetric(metricNames.sweepFailures, MetricUnit.Count, 1)
    // First: a failure that people could not be told of is not counted, so the next sweep tells them.
    if (failures === failuresBeforeAlert)
      await dependencies.alerts.publish(sweepFailingAlert(failures, reason, now(), dependencies.timeZone))
    // The count of sweeps without a place starts again.
    await turn.end({ ok: false, at: began, drift: 0, absences: noAbsences })
    return 'failed'
  }
}

async function correct(
  { presences, queue, graceMs, hash, metrics, logger }: HandlerDependencies,
  observed: readonly ObservedRoom[],
  turn: SweepLease,
  began: number,
): Promise<'swept'> {
  const listed = await presences.list()
  const differences = compare(observed, listed)
  const stored = await presences.read([...differences.missing, ...differences.unknown])
  const { corrections, absences } = decideCorrections(
    differences,
    stored,
    { startedAt: began, graceMs, absences: turn.absences },
    hash,
  )
  // The corrections before the memory: a sweep that dies in between sends the same ones again. And the closes last:
  // a close ends the sessions in its room, so people whose leave was not sent before it would count as put out by it.
  const isClose = ({ params }: Envelope) => params.event === 'close'
  await queue.sendAll(corrections.filter((correction) => !isClose(correction)))
  await queue.sendAll(corrections.filter(isClose))
  const drift = differences.missing.length + differences.unknown.length
  await turn.end({ ok: true, at: began, drift, absences })
  const rooms = listed.filter((place) => place.user_id === undefined).length
  const counts = {
    [metricNames.roomsObserved]: observed.length,
    [metricNames.usersObserved]: observed.reduce((sum, room) => sum + room.users.length, 0),
    [metricNames.roomsStored]: rooms,
    [metricNames.usersStored]: listed.length - rooms,
    [metricNames.driftFound]: drift,
    [metricNames.corrections]: corrections.length,
  }
  for (const [name, count] of Object.entries(counts)) metrics.addMetric(name, MetricUnit.Count, count)
  if (corrections.length > 0) logger.info('corrections sent', counts)
  return 'swept'
}
