import { MetricUnit } from '@aws-lambda-powertools/metrics'
import type { Command } from '../../core/protocol/command.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { isGenuineCallback } from '../../core/protocol/genuine-callback.ts'
import { probeEvent } from '../../core/protocol/probe.ts'
import * as metricNames from '../../names/metrics.ts'
import { describeAggregate } from '../describe-aggregate.ts'
import { truncateForLog } from '../truncate-for-log.ts'
import type { ApplyOutcome } from './append-events.ts'
import type { ApplyEventsDependencies } from './dependencies.ts'
import type { AlertOutcome } from './publish-alerts.ts'

/** The result of one queue message. */
export type MessageResult = {
  /**
   * `refused`: the message was a callback whose `check_code` is wrong, or that lacks something. `erased`: it was about a person
   * who has been erased since.
   */
  readonly outcome: ApplyOutcome | 'rebuilt' | 'refused' | 'erased'
  /** Undefined if the message is a command or could not be parsed. */
  readonly event: NorthboundEvent | undefined
  /** Undefined if the message is not a command. */
  readonly command: Command | undefined
  /** Set if the event was applied but not published. */
  readonly publishError: Error | undefined
  /** Undefined if no alert was pending. */
  readonly alert: AlertOutcome | undefined
  /** Whether the message was received before, and is the one that counts: an earlier receive may have logged its event. */
  readonly isRetry: boolean
}

/** Whether the message need not be received again. */
export function isDone(result: MessageResult | undefined): boolean {
  return result !== undefined && !(result.outcome instanceof Error) && result.publishError === undefined
}

/**
 * The outcome to count once the message is done. If an earlier receive failed after it had logged the event, the log has the
 * event already, but the message is no duplicate.
 */
export function countedOutcome({ outcome, isRetry }: MessageResult): MessageResult['outcome'] {
  return outcome === 'duplicate' && isRetry ? 'applied' : outcome
}

type Reporter = Pick<ApplyEventsDependencies, 'logger' | 'metrics' | 'now'>

const outcomeMetrics = {
  applied: metricNames.eventsApplied,
  stale: metricNames.eventsStale,
  duplicate: metricNames.eventsDuplicate,
  quarantined: metricNames.eventsQuarantined,
  rebuilt: metricNames.projectionsRebuilt,
  too_late: metricNames.eventsTooLate,
}

/**
 * Counts and logs the results of a batch. One line lists the `trace_id`s by outcome, so that each event can be followed
 * from the request to the state. Events that may need attention get a line of their own.
 */
export function report(reporter: Reporter, results: ReadonlyMap<string, MessageResult>): void {
  const traceIds: Record<string, string[]> = {}
  for (const [messageId, result] of results) {
    const { event, command } = result
    const about = {
      messageId,
      command: command && { ...command, aggregate: describeAggregate(command.aggregate) },
      trace_id: event && truncateForLog(event.trace_id),
      event: event && truncateForLog(event.event),
    }
    const counted = countedOutcome(result)
    const word = counted instanceof Error ? 'failed' : counted
    if (about.trace_id !== undefined) traceIds[word] = [...(traceIds[word] ?? []), about.trace_id]
    reportMessage(reporter, result, about)
  }
  const { logger, metrics } = reporter
  if (results.size > 0) logger.info('batch processed', { trace_ids: traceIds })
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics()
}

function reportMessage(reporter: Reporter, result: MessageResult, about: Record<string, unknown>): void {
  const { outcome, event, publishError, alert } = result
  const { logger, metrics } = reporter
  if (outcome instanceof Error) {
    metrics.addMetric(metricNames.eventsFailed, MetricUnit.Count, 1)
    const what = event === undefined ? 'message not processed' : 'event not applied'
    logger.error(`${what}; it will be retried`, { ...about, error: outcome })
    return
  }
  // Counted and logged where it was refused or dropped.
  if (outcome === 'refused' || outcome === 'erased') return
  if (isDone(result)) countOutcome(reporter, result)
  if (outcome === 'quarantined') logger.warn('event quarantined', about)
  if (outcome === 'rebuilt') logger.info('projection rebuilt', about)
  if (outcome === 'too_late') logger.warn('event received too late to be applied', about)
  if (publishError !== undefined) {
    metrics.addMetric(metricNames.eventsFailed, MetricUnit.Count, 1)
    metrics.addMetric(metricNames.eventsUnpublished, MetricUnit.Count, 1)
    logger.error('event applied but not published; it will be retried', { ...about, error: publishError })
  }
  if (event === undefined || outcome === 'quarantined' || outcome === 'too_late' || outcome === 'rebuilt') return
  if (event.data.event === 'unknown' && event.event !== probeEvent && isDone(result)) {
    metrics.addMetric(metricNames.eventsUnknown, MetricUnit.Count, 1)
    logger.info('event of unknown kind', about)
  }
  if (event.data.event === 'warning_notify') {
    reportWarning(reporter, outcome, alert, { ...about, box_code: truncateForLog(event.data.box_code) })
  }
}

/** Counts the outcome of a message when it is done, so that retries count neither twice nor never. */
function countOutcome({ metrics, now }: Reporter, result: MessageResult): void {
  const { event } = result
  const outcome = countedOutcome(result)
  if (outcome instanceof Error || outcome === 'refused' || outcome === 'erased') return
  // The metrics of outcomes count genuine callbacks. Whatever is lost counts in any case.
  const isLost = outcome === 'quarantined' || outcome === 'too_late'
  if (!isLost && event !== undefined && !isGenuineCallback(event)) return
  metrics.addMetric(outcomeMetrics[outcome], MetricUnit.Count, 1)
  if (event !== undefined && (outcome === 'applied' || outcome === 'stale'))
    metrics.addMetric(metricNames.eventAge, MetricUnit.Milliseconds, Math.max(0, now() - event.received_at))
}

/** A suppressed warning is not lost: it is logged and counted, and the next alert states how many were suppressed. */
function reportWarning(
  { logger, metrics }: Reporter,
  outcome: Exclude<ApplyOutcome, Error>,
  alert: AlertOutcome | undefined,
  about: Record<string, unknown>,
): void {
  // A pending alert that could not be sent is neither sent nor suppressed.
  const isSuppressed = outcome !== 'duplicate' && alert === undefined
  if (alert === 'sent') {
    metrics.addMetric(metricNames.alertsSent, MetricUnit.Count, 1)
    logger.info('alert sent', about)
  } else if (isSuppressed) {
    metrics.addMetric(metricNames.alertsSuppressed, MetricUnit.Count, 1)
    logger.info('warning suppressed: the same alert was sent a short time ago', about)
  }
}
