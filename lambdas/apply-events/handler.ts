import type { Logger } from '@aws-lambda-powertools/logger'
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import middy from '@middy/core'
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { applyBatch } from './apply-batch.ts'
import { asError, type Outcome } from './log-events.ts'
import { readMessage } from './message.ts'
import type { Dependencies } from './update-view.ts'

export interface EventCounter {
  /** Adds to the figure of applied events that `GET /api/stats` shows. */
  add(events: number, now: number): Promise<void>
}

export type HandlerDependencies = Dependencies & {
  readonly counter: EventCounter
  readonly now: () => number
  readonly logger: Logger
  readonly metrics: Metrics
}

/**
 * SQS batch in, the messages to try again out.
 *
 * A message is tried again only for a failure that is its own; one that can never be an event is quarantined and
 * done with.
 */
export function createHandler(dependencies: HandlerDependencies) {
  return middy<SQSEvent, SQSBatchResponse>().handler(async ({ Records }) => {
    const outcomes = await applyMessages(dependencies, Records)
    report(dependencies, outcomes)
    await countApplied(dependencies, outcomes)
    // A message without an outcome counts as failed: better twice than not at all.
    const done = (id: string) => !((outcomes.get(id)?.outcome ?? new Error('no outcome')) instanceof Error)
    const failed = Records.map((record) => record.messageId).filter((id) => !done(id))
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) }
  })
}

type Message = SQSEvent['Records'][number]
type Reported = { readonly outcome: Outcome; readonly event: NorthboundEvent | undefined }

async function applyMessages(
  dependencies: HandlerDependencies,
  messages: readonly Message[],
): Promise<Map<string, Reported>> {
  const outcomes = new Map<string, Reported>()
  const events = new Map<NorthboundEvent, string>()
  for (const message of messages) {
    const event = readMessage(message.body)
    if (typeof event !== 'string') events.set(event, message.messageId)
    else outcomes.set(message.messageId, { outcome: await quarantine(dependencies, message, event), event: undefined })
  }
  for (const [event, outcome] of await applyBatch(dependencies, [...events.keys()]))
    outcomes.set(events.get(event) ?? '', { outcome, event })
  return outcomes
}

async function quarantine({ log }: Dependencies, message: Message, reason: string): Promise<Outcome> {
  try {
    await log.quarantine({
      id: `message ${message.messageId}`,
      reason,
      received_at: Number(message.attributes.SentTimestamp),
      event: undefined,
      body: message.body,
    })
    return 'quarantined'
  } catch (error) {
    return asError(error)
  }
}

/** The figure is not worth a retry: that would apply nothing new. */
async function countApplied(
  { counter, now, logger }: HandlerDependencies,
  outcomes: ReadonlyMap<string, Reported>,
): Promise<void> {
  const applied = outcomes.values().filter(({ outcome }) => outcome === 'applied' || outcome === 'stale')
  const events = [...applied].length
  if (events === 0) return
  await counter.add(events, now()).catch((error: unknown) => logger.warn('events not counted', asError(error)))
}

const metricNames = {
  applied: 'EventsApplied',
  stale: 'EventsStale',
  duplicate: 'EventsDuplicate',
  quarantined: 'EventsQuarantined',
}

/** Counts what happened; says in words only what somebody may have to look at. */
function report({ logger, metrics }: HandlerDependencies, outcomes: ReadonlyMap<string, Reported>): void {
  for (const [messageId, { outcome, event }] of outcomes) {
    const about = { messageId, trace_id: event?.trace_id, event: event?.event }
    if (outcome instanceof Error) {
      metrics.addMetric('EventsFailed', MetricUnit.Count, 1)
      logger.error('event not applied; it will be tried again', { ...about, error: outcome })
      continue
    }
    metrics.addMetric(metricNames[outcome], MetricUnit.Count, 1)
    if (outcome === 'quarantined') logger.warn('event quarantined', about)
    if (event?.facts.event === 'unknown') {
      metrics.addMetric('EventsUnknown', MetricUnit.Count, 1)
      logger.info('event of unknown kind', about)
    }
  }
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics()
}
