import type { SqsMessage } from './sqs-message.ts'

/** Lambda's limit for the payload of an invocation. */
export const maxEventBytes = 6 * 1024 * 1024

/** Enough for the fields of a record other than the body and the message attributes. */
const recordOverheadBytes = 1024

/** Estimates the size of the messages within an event. The estimate is never too low. */
export function estimateEventBytes(messages: readonly SqsMessage[]): number {
  return messages.reduce((sum, message) => sum + estimateRecordBytes(message), 0)
}

/** Splits the messages into batches that each fit into one event. */
export function splitBySize(messages: readonly SqsMessage[]): SqsMessage[][] {
  const batches: SqsMessage[][] = []
  let remainingBytes = 0
  for (const message of messages) {
    remainingBytes -= estimateRecordBytes(message)
    if (remainingBytes < 0) {
      batches.push([])
      remainingBytes = maxEventBytes - estimateRecordBytes(message)
    }
    batches.at(-1)?.push(message)
  }
  return batches
}

function estimateRecordBytes({ Body, MessageAttributes }: SqsMessage): number {
  return Buffer.byteLength(JSON.stringify(Body)) + JSON.stringify(MessageAttributes).length + recordOverheadBytes
}
