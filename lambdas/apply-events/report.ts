import { MetricUnit } from '@aws-lambda-powertools/metrics'
import { metricNames } from '../../names/metrics.ts'
import type { HandlerDependencies, Reported } from './handler.ts'

const outcomeMetrics = {
  applied: metricNames.eventsApplied,
  stale: metricNames.eventsStale,
  duplicate: metricNames.eventsDuplicate,
  quarantined: metricNames.eventsQuarantined,
}

/** Of a `trace_id`, in a log: enough to find it, not enough to flood the log. Characters. */
const maxLoggedTraceIdLength = 100

type Reporter = Pick<HandlerDependencies, 'logger' | 'metrics' | 'now'>

/**
 * Counts what happened, and says it: one line for the whole batch, with the `trace_id`s by outcome, so that each can be
 * followed from the request to the state; one more for each event that somebody may have to look at.
 */
export function report(reporter: Reporter, outcomes: ReadonlyMap<string, Reported>): void {
  const { logger, metrics, now } = reporter
  const traces: Record<string, string[]> = {}
  for (const [messageId, { outcome, event, publishError, alert }] of outcomes) {
    const about = {
      messageId,
      trace_id: event?.trace_id.slice(0, maxLoggedTraceIdLength),
      event: event?.event.slice(0, maxLoggedTraceIdLength),
    }
    const word = outcome instanceof Error ? 'failed' : outcome
    if (about.trace_id !== undefined) traces[word] = [...(traces[word] ?? []), about.trace_id]
    if (outcome instanceof Error) {
      metrics.addMetric(metricNames.eventsFailed, MetricUnit.Count, 1)
      logger.error('event not applied; it will be tried again', { ...about, error: outcome })
      continue
    }
    metrics.addMetric(outcomeMetrics[outcome], MetricUnit.Count, 1)
    if (outcome === 'quarantined') logger.warn('event quarantined', about)
    if (publishError !== undefined) {
      metrics.addMetric(metricNames.eventsUnpublished, MetricUnit.Count, 1)
      logger.error('event applied, but not all were told; it will be tried again', { ...about, error: publishError })
    }
    if (event === undefined || outcome === 'quarantined') continue
    if (event.data.event === 'unknown') {
      metrics.addMetric(metricNames.eventsUnknown, MetricUnit.Count, 1)
      logger.info('event of unknown kind', about)
    }
    if (event.data.event === 'warning_notify') {
      // What is due and was not sent yet is neither sent nor suppressed.
      const isSuppressed = outcome !== 'duplicate' && alert === undefined
      if (alert === 'sent' || isSuppressed)
        reportWarning(
          reporter,
          { ...about, box_code: event.data.box_code.slice(0, maxLoggedTraceIdLength) },
          alert === 'sent',
        )
    }
    if (outcome !== 'duplicate')
      metrics.addMetric(metricNames.eventAge, MetricUnit.Milliseconds, Math.max(0, now() - event.received_at))
  }
  if (outcomes.size > 0) logger.info('batch done', { trace_ids: traces })
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics()
}

/** What is suppressed is not lost: it is here, it is counted, and the next alert says how many there were. */
function reportWarning({ logger, metrics }: Reporter, about: Record<string, unknown>, alerted: boolean): void {
  metrics.addMetric(alerted ? metricNames.alertsSent : metricNames.alertsSuppressed, MetricUnit.Count, 1)
  logger.info(alerted ? 'alert sent' : 'warning suppressed: the same alert was sent a short time ago', about)
}
