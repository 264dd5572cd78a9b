import { setTimeout as delay } from 'node:timers/promises'
import type { EventQueue } from '../../core/ports/event-queue.ts'
import { type Envelope, encodeEnvelope } from '../../core/protocol/envelope.ts'
import { AwsError, type AwsJsonClient } from '../aws-json/client.ts'

/** Bytes that a queue message may hold. */
const maxMessageBytes = 1_048_576
/** Bytes of parameters; the event has to fit into an item of the log, which may have 400 KB. */
const maxParamsBytes = 350_000

export type EventQueueOptions = {
  readonly client: AwsJsonClient
  readonly queueUrl: string
  /** ms for the first try; what is left then goes to the second. */
  readonly firstTry?: number
}

/** Sends events to SQS. Sending one twice does no harm: it counts once. */
export function sqsEventQueue({ client, queueUrl, firstTry = 1100 }: EventQueueOptions): EventQueue {
  const sendOnce = (body: string, ms: number) =>
    client('AmazonSQS.SendMessage', { QueueUrl: queueUrl, MessageBody: body }, AbortSignal.timeout(ms))

  return {
    async send(envelope, deadline) {
      const body = encodeEnvelope(envelope)
      if (isTooLarge(envelope, body)) return 'too_large'
      for (let ms = Math.min(firstTry, deadline - Date.now()); ms > 0; ms = deadline - Date.now()) {
        try {
          await sendOnce(body, ms)
          return 'accepted'
        } catch (error) {
          // A refusal stays one, however often it is asked for.
          if (error instanceof AwsError && error.status < 500 && !/throttl/i.test(error.code)) throw error
          if (Date.now() + pause >= deadline) throw error
          await delay(pause)
        }
      }
      throw new Error('the queue gave no answer in time')
    },
  }
}

const pause = 50

/** The message is never smaller than the parameters in it; so most are not measured twice. */
function isTooLarge({ params }: Envelope, body: string): boolean {
  const size = Buffer.byteLength(body)
  if (size <= maxParamsBytes) return false
  return size > maxMessageBytes || Buffer.byteLength(JSON.stringify(params)) > maxParamsBytes
}
