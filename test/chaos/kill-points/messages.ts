import type { SQSRecord } from 'aws-lambda'
import type { LocalRun } from '../../../local/run.ts'

/** A message of the event queue: its body, or what is its body as JSON. */
export type Message = string | object

/**
 * Invokes `apply-events` with the messages, and again with those that it has not done, as the queue does.
 *
 * @param name the ids of the messages begin with it.
 */
export async function applyMessages(run: LocalRun, name: string, messages: readonly Message[]): Promise<void> {
  let pending = messages.map((message, index) => toRecord(run, `${name}-${index}`, message))
  for (let receives = 1; pending.length > 0; receives++) {
    if (receives > 10) throw new Error(`${pending.length} messages still fail`)
    const Records = pending.map((record) => withReceives(record, receives))
    const outcome = await run.invoke('ApplyEvents', { Records })
    if (outcome.kind === 'ok') pending = selectFailed(pending, outcome.payload)
  }
}

function toRecord(run: LocalRun, messageId: string, message: Message): SQSRecord {
  return {
    messageId,
    receiptHandle: messageId,
    body: typeof message === 'string' ? message : JSON.stringify(message),
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '0',
      SenderId: 'sender',
      ApproximateFirstReceiveTimestamp: '0',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: String(run.outputs.EventQueueUrl),
    awsRegion: run.region,
  }
}

function withReceives(record: SQSRecord, receives: number): SQSRecord {
  return { ...record, attributes: { ...record.attributes, ApproximateReceiveCount: String(receives) } }
}

function selectFailed(records: readonly SQSRecord[], payload: unknown): SQSRecord[] {
  const { batchItemFailures } = payload as { batchItemFailures: { itemIdentifier: string }[] }
  const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier))
  return records.filter(({ messageId }) => failed.has(messageId))
}
