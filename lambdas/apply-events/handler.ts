import middy from '@middy/core'
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import type { Command } from '../../core/protocol/command.ts'
import { decodeMessage } from '../../core/protocol/decode-message.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { isGenuineCallback } from '../../core/protocol/genuine-callback.ts'
import { aggregateOf, streamOf } from '../../core/state/aggregate.ts'
import { redrivenAt } from '../../names/message-attributes.ts'
import { asError } from '../as-error.ts'
import type { Deadline } from '../deadline.ts'
import type { ApplyOutcome } from './append-events.ts'
import { applyBatch } from './apply-batch.ts'
import { delayRetries } from './delay-retries.ts'
import type { ApplyEventsDependencies } from './dependencies.ts'
import { markFailures } from './mark-failures.ts'
import { isCounted, publishApplied } from './publish.ts'
import { recordFailure } from './record-failure.ts'
import { countedOutcome, isDone, type MessageResult, report } from './report.ts'
import { truncateBody, truncateReason } from './truncate-quarantined.ts'

/**
 * Applies a batch of queue messages and returns the messages to retry.
 *
 * A message is retried only because of its own failure, after a growing delay. A message that can never be an event or a command is quarantined.
 */
export function createHandler(dependencies: ApplyEventsDependencies) {
  return middy<SQSEvent, SQSBatchResponse>().handler(async ({ Records }, context: Context) => {
    const deadline = { remainingMs: () => context.getRemainingTimeInMillis() }
    const results = await processMessages(dependencies, Records, deadline)
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

/** @returns the results by message id. */
async function processMessages(
  dependencies: ApplyEventsDependencies,
  messages: readonly SQSRecord[],
  deadline: Deadline,
): Promise<Map<string, MessageResult>> {
  const { events, commands, results } = await decodeMessages(dependencies, messages)
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

type DecodedMessages = {
  readonly events: ReadonlyMap<NorthboundEvent, SQSRecord>
  readonly commands: ReadonlyMap<Command, SQSRecord>
  /** The results of messages that can never be processed, by message id. */
  readonly results: Map<string, MessageResult>
}

async function decodeMessages(
  dependencies: ApplyEventsDependencies,
  messages: readonly SQSRecord[],
): Promise<DecodedMessages> {
  const events = new Map<NorthboundEvent, SQSRecord>()
  const commands = new Map<Command, SQSRecord>()
  const results = new Map<string, MessageResult>()
  for (const message of messages) {
    const decoded = decodeMessage(message.body)
    if (typeof decoded === 'string') {
      const outcome = await quarantine(dependencies, message, decoded)
      const none = { event: undefined, command: undefined, publishError: undefined, alert: undefined, isRetry: false }
      results.set(message.messageId, { outcome, ...none })
    } else if ('command' in decoded) commands.set(decoded, message)
    else events.set(decoded, message)
  }
  return { events, commands, results }
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

async function quarantine({ log }: ApplyEventsDependencies, message: SQSRecord, reason: string): Promise<ApplyOutcome> {
  try {
    await log.quarantine({
      id: `message ${message.messageId}`,
      reason: truncateReason(reason),
      received_at: Number(message.attributes.SentTimestamp),
      event: undefined,
      body: truncateBody(message.body),
    })
    return 'quarantined'
  } catch (error) {
    return asError(error)
  }
}

/**
 * Counts the genuine callbacks that were applied. Those that are still to be published count when their messages are done, but the
 * time of the last callback includes them. A failure is only logged: a retry would apply nothing new.
 */
async function countCallbacks(
  { counter, now, logger }: ApplyEventsDependencies,
  results: ReadonlyMap<string, MessageResult>,
): Promise<void> {
  const applied = [...results.values()].flatMap((result) => {
    const { event } = result
    const outcome = countedOutcome(result)
    const isApplied = outcome === 'applied' || outcome === 'stale'
    return event !== undefined && isGenuineCallback(event) && isApplied ? [{ event, isDone: isDone(result) }] : []
  })
  if (applied.length === 0) return
  const callbacks = {
    count: applied.filter((callback) => callback.isDone).length,
    lastReceivedAt: Math.max(...applied.map(({ event }) => event.received_at)),
  }
  await counter.add(callbacks, now()).catch((error: unknown) => logger.warn('callbacks not counted', asError(error)))
}
