import type { SQSRecord } from 'aws-lambda'
import type { Command } from '../../core/protocol/command.ts'
import { decodeMessage } from '../../core/protocol/decode-message.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import type { UnverifiedCallback } from '../../core/protocol/unverified-callback.ts'
import { asError } from '../as-error.ts'
import type { ApplyOutcome } from './append-events.ts'
import type { ApplyEventsDependencies } from './dependencies.ts'
import type { MessageResult } from './report.ts'
import { truncateBody, truncateReason } from './truncate-quarantined.ts'

export type DecodedMessages = {
  readonly events: ReadonlyMap<NorthboundEvent, SQSRecord>
  readonly commands: ReadonlyMap<Command, SQSRecord>
  /** Callbacks that are still to be verified. */
  readonly callbacks: ReadonlyMap<UnverifiedCallback, SQSRecord>
  /** The results of messages that can never be processed, by message id. */
  readonly results: Map<string, MessageResult>
}

/** Decodes the messages of a batch, and quarantines those that can never be processed. */
export async function decodeMessages(
  dependencies: ApplyEventsDependencies,
  messages: readonly SQSRecord[],
): Promise<DecodedMessages> {
  const events = new Map<NorthboundEvent, SQSRecord>()
  const commands = new Map<Command, SQSRecord>()
  const callbacks = new Map<UnverifiedCallback, SQSRecord>()
  const results = new Map<string, MessageResult>()
  for (const message of messages) {
    const decoded = decodeMessage(message.body)
    if (typeof decoded === 'string') {
      results.set(message.messageId, resultWithoutEvent(await quarantine(dependencies, message, decoded)))
    } else if ('command' in decoded) commands.set(decoded, message)
    else if ('request' in decoded) callbacks.set(decoded, message)
    else events.set(decoded, message)
  }
  return { events, commands, callbacks, results }
}

/** The result of a message that is neither an event nor a command. */
export function resultWithoutEvent(outcome: MessageResult['outcome']): MessageResult {
  return { outcome, event: undefined, command: undefined, publishError: undefined, alert: undefined, isRetry: false }
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
