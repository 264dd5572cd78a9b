import middy from '@middy/core'
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import { aggregateOf, streamOf } from '../../core/state/aggregate.ts'
import { redrivenAt } from '../../names/message-attributes.ts'
import type { Deadline } from '../deadline.ts'
import type { SignatureRules } from '../verify-signature.ts'
import { applyBatch } from './apply-batch.ts'
import { createBatchKeys } from './batch-keys.ts'
import { countCallbacks } from './count-callbacks.ts'
import { type DecodedMessages, decodeMessages } from './decode-messages.ts'
import { delayRetries } from './delay-retries.ts'
import type { ApplyEventsDependencies } from './dependencies.ts'
import { dropErased } from './drop-erased.ts'
import { markFailures } from './mark-failures.ts'
import { isCounted, publishApplied } from './publish.ts'
import { recordFailure } from './record-failure.ts'
import { isDone, type MessageResult, report } from './report.ts'
import { verifyCallbacks } from './verify-callbacks.ts'

/**
 * Applies a batch of queue messages and returns the messages to retry.
 *
 * A message is retried only because of its own failure, after a growing delay. A message that can never be an event or a command is
 * quarantined.
 */
export function createHandler(dependencies: ApplyEventsDependencies) {
  const createKeys = createBatchKeys(dependencies.keys, dependencies.now)
  return middy<SQSEvent, SQSBatchResponse>().handler(async ({ Records }, context: Context) => {
    const deadline = { remainingMs: () => context.getRemainingTimeInMillis() }
    const results = await processMessages(dependencies, Records, createKeys(), deadline)
    report(dependencies, results)
    // A message without a result counts as failed: processing it twice is better than not at all.
    const failed = Records.filter(({ messageId }) => !isDone(results.get(messageId)))
    await Promise.all([
      countCallbacks(dependencies, results),
      delayRetries(dependencies, failed, deadline),
      recordFailure(dependencies, failed.length),
    ])
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) }
  })
}

/**
 * Unverified callbacks come last: neither a key that cannot be read nor their number delays the other messages.
 *
 * @returns the results by message id.
 */
async function processMessages(
  dependencies: ApplyEventsDependencies,
  messages: readonly SQSRecord[],
  keys: SignatureRules['keys'],
  deadline: Deadline,
): Promise<Map<string, MessageResult>> {
  const { events, commands, callbacks, results } = await decodeMessages(dependencies, messages)
  const processed = await processEvents(dependencies, events, commands, deadline)
  if (callbacks.size === 0) return new Map([...results, ...processed])
  const verified = await verifyCallbacks(dependencies, keys, callbacks, deadline)
  const later = await processEvents(dependencies, verified.events, new Map(), deadline)
  return new Map([...results, ...processed, ...verified.results, ...later])
}

/** @returns the results by message id. */
async function processEvents(
  dependencies: ApplyEventsDependencies,
  decoded: DecodedMessages['events'],
  commands: DecodedMessages['commands'],
  deadline: Deadline,
): Promise<Map<string, MessageResult>> {
  const { events, results: dropped } = await dropErased(dependencies, decoded, deadline)
  const results = new Map(dropped)
  if (events.size === 0 && commands.size === 0) return results
  const rebuilds = Array.from(commands.keys(), ({ aggregate }) => aggregate)
  const applied = await applyBatch(dependencies, [...events.keys()], deadline, rebuilds)
  const processed = [
    ...Array.from(events, ([event, message]) => {
      return { message, aggregate: aggregateOf(event), event, command: undefined, outcome: applied.outcomes.get(event) }
    }),
    ...Array.from(commands, ([command, message]) => {
      const { aggregate } = command
      return { message, aggregate, event: undefined, command, outcome: applied.rebuilds.get(streamOf(aggregate)) }
    }),
  ]
  const lost = processed.filter(
    ({ message, outcome }) => outcome instanceof Error && isLastReceive(dependencies, message),
  )
  await markFailures(
    dependencies,
    lost.map(({ aggregate }) => aggregate),
    deadline,
  )
  const published = await publishApplied(dependencies, applied, deadline)
  const counted = new Set(applied.appliedEvents.filter(isCounted).map((appliedEvent) => appliedEvent.event))
  for (const { message, event, command, outcome } of processed) {
    if (outcome === undefined) continue
    const publishError = event && published.failures.get(event)
    const alert = event && published.alerts.get(event)
    const isRetry = event !== undefined && wasReceivedBefore(message) && counted.has(event)
    results.set(message.messageId, { outcome, event, command, publishError, alert, isRetry })
  }
  return results
}

/** Whether SQS moves the message to the dead-letter queue if it fails. */
function isLastReceive({ maxReceiveCount }: ApplyEventsDependencies, message: SQSRecord): boolean {
  return receivesOf(message) >= maxReceiveCount
}

/** How often the message has been received, this time included. */
function receivesOf({ attributes }: SQSRecord): number {
  return Number(attributes.ApproximateReceiveCount)
}

/** A message that was put back from the dead letters begins with a new count. */
function wasReceivedBefore(message: SQSRecord): boolean {
  return receivesOf(message) > 1 || message.messageAttributes[redrivenAt] !== undefined
}
