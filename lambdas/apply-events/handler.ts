import middy from '@middy/core'
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import type { Command } from '../../core/protocol/command.ts'
import { decodeMessage } from '../../core/protocol/decode-message.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { isGenuineCallback } from '../../core/protocol/genuine-callback.ts'
import { aggregateOf, streamOf } from '../../core/state/aggregate.ts'
import { asError } from '../as-error.ts'
import type { Deadline } from '../deadline.ts'
import type { ApplyOutcome } from './append-events.ts'
import { applyBatch } from './apply-batch.ts'
import type { ApplyEventsDependencies } from './dependencies.ts'
import { markFailures } from './mark-failures.ts'
import { publishApplied } from './publish.ts'
import { type MessageResult, report } from './report.ts'
import { truncateBody, truncateReason } from './truncate-quarantined.ts'

/**
 * Applies a batch of queue messages and returns the messages to retry.
 *
 * A message is retried only because of its own failure. A message that can never be an event or a command is quarantined.
 */
export function createHandler(dependencies: ApplyEventsDependencies) {
  return middy<SQSEvent, SQSBatchResponse>().handler(async ({ Records }, context: Context) => {
    const deadline = { remainingMs: () => context.getRemainingTimeInMillis() }
    const results = await processMessages(dependencies, Records, deadline)
    report(dependencies, results)
    await countCallbacks(dependencies, results)
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
  for (const { message, event, command, outcome } of processed) {
    if (outcome === undefined) continue
    const publishError = event && published.failures.get(event)
    const alert = event && published.alerts.get(event)
    results.set(message.messageId, { outcome, event, command, publishError, alert })
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
      const none = { event: undefined, command: undefined, publishError: undefined, alert: undefined }
      results.set(message.messageId, { outcome, ...none })
    } else if ('command' in decoded) commands.set(decoded, message)
    else events.set(decoded, message)
  }
  return { events, commands, results }
}

/** Whether SQS moves the message to the dead-letter queue if it fails. */
function isLastReceive({ maxReceiveCount }: ApplyEventsDependencies, { attributes }: SQSRecord): boolean {
  return Number(attributes.ApproximateReceiveCount) >= maxReceiveCount
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

/** Counts the genuine callbacks that were applied. A failure is only logged: a retry would apply nothing new. */
async function countCallbacks(
  { counter, now, logger }: ApplyEventsDependencies,
  results: ReadonlyMap<string, MessageResult>,
): Promise<void> {
  const times = [...results.values()].flatMap(({ outcome, event }) =>
    event !== undefined && isGenuineCallback(event) && (outcome === 'applied' || outcome === 'stale')
      ? [event.received_at]
      : [],
  )
  if (times.length === 0) return
  const callbacks = { count: times.length, lastReceivedAt: Math.max(...times) }
  await counter.add(callbacks, now()).catch((error: unknown) => logger.warn('callbacks not counted', asError(error)))
}
