import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { encodeEnvelope } from '../../core/protocol/envelope.ts'
import { messageGroupOf } from '../../core/protocol/message-group.ts'
import type { LocalRun } from '../../local/run.ts'
import { createCallback } from '../recovery/callback-load.ts'
import { clientSettings } from '../recovery/client-settings.ts'
import { startConstantLoad } from '../recovery/constant-load.ts'

/** Events that are put on the queue as verified ones. */
export type DirectEvents = {
  /** When each was sent, by `trace_id`, by `performance.now()`. */
  readonly sentAtMs: ReadonlyMap<string, number>
  stop(): Promise<void>
}

/** Puts verified events on the event queue at a constant rate. */
export function startDirectEvents(run: LocalRun, perSecond: number): DirectEvents {
  const sqs = new SQSClient(clientSettings(run))
  const sentAtMs = new Map<string, number>()

  async function send(index: number): Promise<void> {
    const params = createCallback(index, 'direct')
    const trace_id = params.trace_id ?? ''
    sentAtMs.set(trace_id, performance.now())
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: run.outputs.EventQueueUrl,
        MessageBody: encodeEnvelope({ trace_id, received_at: Date.now(), source: 'callback', params }),
        MessageGroupId: messageGroupOf(params),
      }),
    )
  }

  const { stop } = startConstantLoad(perSecond, send)
  return { sentAtMs, stop }
}
