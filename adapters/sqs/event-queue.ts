import { setTimeout as delay } from 'node:timers/promises'
import type { EventQueue } from '../../core/ports/event-queue.ts'
import { type Envelope, encodeEnvelope, maxParamsBytes } from '../../core/protocol/envelope.ts'
import { messageGroupOf, unverifiedGroup } from '../../core/protocol/message-group.ts'
import { encodeUnverifiedCallback } from '../../core/protocol/unverified-callback.ts'
import { AwsError, type AwsJsonClient } from '../aws-json/client.ts'
import { maxBytes } from './max-bytes.ts'

const retryDelayMs = 50

export type EventQueueOptions = {
  readonly client: AwsJsonClient
  readonly queueUrl: string
  /** Limits the first attempt; each further attempt has the time that is left. */
  readonly firstAttemptMs: number
}

/** Sends events to SQS until a deadline. Sending an event twice has no effect. */
export function sqsEventQueue(options: EventQueueOptions): EventQueue {
  return {
    async send(envelope, deadline) {
      const body = encodeEnvelope(envelope)
      if (isTooLarge(envelope, body)) return 'too_large'
      await sendUntil(options, body, messageGroupOf(envelope.params), deadline)
      return 'accepted'
    },
    async sendUnverified(callback, deadline) {
      const body = encodeUnverifiedCallback(callback)
      if (Buffer.byteLength(body) > maxBytes) return 'too_large'
      await sendUntil(options, body, unverifiedGroup, deadline)
      return 'accepted'
    },
  }
}

/** @param deadline ms since 1970. @throws if the queue did not accept the message by then. */
async function sendUntil(
  { client, queueUrl, firstAttemptMs }: EventQueueOptions,
  body: string,
  groupId: string,
  deadline: number,
): Promise<void> {
  const input = { QueueUrl: queueUrl, MessageBody: body, MessageGroupId: groupId }
  const timeLeft = () => deadline - Date.now()
  for (let timeoutMs = Math.min(firstAttemptMs, timeLeft()); timeoutMs > 0; timeoutMs = timeLeft()) {
    try {
      await client('AmazonSQS.SendMessage', input, AbortSignal.timeout(timeoutMs))
      return
    } catch (error) {
      if (error instanceof AwsError && !error.isRetryable) throw error
      if (timeLeft() <= retryDelayMs) throw error
      await delay(retryDelayMs)
    }
  }
  throw new Error('the queue did not respond in time')
}

/** A message is never smaller than the parameters in it, so the parameters of most events need no measuring. */
function isTooLarge({ params }: Envelope, body: string): boolean {
  const bytes = Buffer.byteLength(body)
  if (bytes <= maxParamsBytes) return false
  return bytes > maxBytes || Buffer.byteLength(JSON.stringify(params)) > maxParamsBytes
}
