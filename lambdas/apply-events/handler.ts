import type { Logger } from '@aws-lambda-powertools/logger'
import type { Metrics } from '@aws-lambda-powertools/metrics'
import middy from '@middy/core'
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda'
import { decodeEnvelope } from '../../core/protocol/decode-envelope.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { asError, type Outcome } from './append-events.ts'
import { applyBatch } from './apply-batch.ts'
import { type PublishDependencies, type PublishResult, publishApplied } from './publish.ts'
import { report } from './report.ts'

export interface EventCounter {
  /** Adds to the figure of applied events that `GET /api/stats` shows. */
  add(events: number, now: number): Promise<void>
}

export type HandlerDependencies = PublishDependencies & {
  readonly counter: EventCounter
  readonly now: () => number
  readonly logger: Logger
  readonly metrics: Metrics
}

/** What became of one message. */
export type Reported = {
  readonly outcome: Outcome
  /** Undefined where the message is none. */
  readonly event: NorthboundEvent | undefined
  /** Why somebody was not told of the event, which is applied. */
  readonly publishError: Error | undefined
  /** Whether the alert that was due went out; undefined where none was due. */
  readonly alert: 'sent' | 'unsent' | undefined
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
    const failed = Records.map(({ messageId }) => messageId).filter((id) => !isDone(outcomes.get(id)))
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) }
  })
}

function isDone(reported: Reported | undefined): boolean {
  return reported !== undefined && !(reported.outcome instanceof Error) && reported.publishError === undefined
}

type Message = SQSEvent['Records'][number]

async function applyMessages(
  dependencies: HandlerDependencies,
  messages: readonly Message[],
): Promise<Map<string, Reported>> {
  const outcomes = new Map<string, Reported>()
  const events = new Map<NorthboundEvent, string>()
  for (const message of messages) {
    const event = decodeEnvelope(message.body)
    if (typeof event !== 'string') events.set(event, message.messageId)
    else {
      const outcome = await quarantine(dependencies, message, event)
      outcomes.set(message.messageId, { outcome, event: undefined, publishError: undefined, alert: undefined })
    }
  }
  const applied = await applyBatch(dependencies, [...events.keys()])
  const told: PublishResult = await publishApplied(dependencies, applied.news)
  for (const [event, outcome] of applied.outcomes) {
    const publishError = told.failures.get(event)
    outcomes.set(events.get(event) ?? '', { outcome, event, publishError, alert: told.alerts.get(event) })
  }
  return outcomes
}

async function quarantine({ log }: HandlerDependencies, message: Message, reason: string): Promise<Outcome> {
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
