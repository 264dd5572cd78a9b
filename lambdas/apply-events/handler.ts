import middy from '@middy/core'
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import { decodeEnvelope } from '../../core/protocol/decode-envelope.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { asError } from '../as-error.ts'
import type { Deadline } from '../deadline.ts'
import type { ApplyOutcome } from './append-events.ts'
import { applyBatch } from './apply-batch.ts'
import type { ApplyEventsDependencies } from './dependencies.ts'
import { publishApplied } from './publish.ts'
import { type MessageResult, report } from './report.ts'

/**
 * Applies a batch of queue messages and returns the messages to retry.
 *
 * A message is retried only because of its own failure. A message that can never be an event is quarantined.
 */
export function createHandler(dependencies: ApplyEventsDependencies) {
  return middy<SQSEvent, SQSBatchResponse>().handler(async ({ Records }, context: Context) => {
    const deadline = { remainingMs: () => context.getRemainingTimeInMillis() }
    const results = await processMessages(dependencies, Records, deadline)
    report(dependencies, results)
    await countApplied(dependencies, results)
    // A message without a result counts as failed: processing it twice is better than not at all.
    const failed = Records.map(({ messageId }) => messageId).filter((id) => !isDone(results.get(id)))
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) }
  })
}

function isDone(result: MessageResult | undefined): boolean {
  return result !== undefined && !(result.outcome instanceof Error) && result.publishError === undefined
}

/** @returns the results by message id. */
async function processMessages(
  dependencies: ApplyEventsDependencies,
  messages: readonly SQSRecord[],
  deadline: Deadline,
): Promise<Map<string, MessageResult>> {
  const results = new Map<string, MessageResult>()
  const messageIds = new Map<NorthboundEvent, string>()
  for (const message of messages) {
    const event = decodeEnvelope(message.body)
    if (typeof event !== 'string') messageIds.set(event, message.messageId)
    else {
      const outcome = await quarantine(dependencies, message, event)
      results.set(message.messageId, { outcome, event: undefined, publishError: undefined, alert: undefined })
    }
  }
  const { outcomes, appliedEvents } = await applyBatch(dependencies, [...messageIds.keys()], deadline)
  const published = await publishApplied(dependencies, appliedEvents, deadline)
  for (const [event, outcome] of outcomes) {
    const publishError = published.failures.get(event)
    results.set(messageIds.get(event) ?? '', { outcome, event, publishError, alert: published.alerts.get(event) })
  }
  return results
}

async function quarantine({ log }: ApplyEventsDependencies, message: SQSRecord, reason: string): Promise<ApplyOutcome> {
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

/** A failure is only logged: a retry would apply nothing new. */
async function countApplied(
  { counter, now, logger }: ApplyEventsDependencies,
  results: ReadonlyMap<string, MessageResult>,
): Promise<void> {
  const applied = results.values().filter(({ outcome }) => outcome === 'applied' || outcome === 'stale')
  const events = [...applied].length
  if (events === 0) return
  await counter.add(events, now()).catch((error: unknown) => logger.warn('events not counted', asError(error)))
}
