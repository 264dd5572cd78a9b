import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs'
import { encodeEnvelope } from '../../core/protocol/envelope.ts'
import { messageGroupOf } from '../../core/protocol/message-group.ts'
import type { LocalRun } from '../../local/run.ts'
import { createCallback } from '../recovery/callback-load.ts'
import { clientSettings } from '../recovery/client-settings.ts'

const messagesPerRequest = 10

/** Puts verified events on the event queue as fast as it takes them. @returns their `trace_id`s. */
export async function sendBurst(run: LocalRun, events: number): Promise<string[]> {
  const sqs = new SQSClient(clientSettings(run))
  const callbacks = Array.from({ length: events }, (_, index) => createCallback(index, 'burst'))
  for (let start = 0; start < events; start += messagesPerRequest) {
    const Entries = callbacks.slice(start, start + messagesPerRequest).map((params, index) => ({
      Id: String(index),
      MessageBody: encodeEnvelope({
        trace_id: params.trace_id ?? '',
        received_at: Date.now(),
        source: 'callback',
        params,
      }),
      MessageGroupId: messageGroupOf(params),
    }))
    const { Failed = [] } = await sqs.send(
      new SendMessageBatchCommand({ QueueUrl: run.outputs.EventQueueUrl, Entries }),
    )
    if (Failed.length > 0) throw new Error(`the queue refused ${Failed.length} messages`)
  }
  return callbacks.map(({ trace_id = '' }) => trace_id)
}
