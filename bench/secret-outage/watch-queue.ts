import { setTimeout as sleep } from 'node:timers/promises'
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs'
import type { LocalRun } from '../../local/run.ts'
import { clientSettings } from '../recovery/client-settings.ts'

const intervalMs = 1_000

export type QueueWatch = {
  /** The largest number of messages of the event queue that were received and not deleted: those that wait for a retry. */
  maxInFlight(): number
  stop(): Promise<void>
}

/** Counts the messages of the event queue every second. */
export function watchQueue(run: LocalRun): QueueWatch {
  const sqs = new SQSClient(clientSettings(run))
  const command = new GetQueueAttributesCommand({
    QueueUrl: run.outputs.EventQueueUrl,
    AttributeNames: ['ApproximateNumberOfMessagesNotVisible'],
  })
  let max = 0
  let isStopped = false
  async function watch(): Promise<void> {
    while (!isStopped) {
      const { Attributes } = await sqs.send(command)
      max = Math.max(max, Number(Attributes?.ApproximateNumberOfMessagesNotVisible))
      await sleep(intervalMs)
    }
  }
  const watching = watch()
  return {
    maxInFlight: () => max,
    async stop() {
      isStopped = true
      await watching
    },
  }
}
