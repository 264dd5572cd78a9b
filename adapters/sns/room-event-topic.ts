import { PublishBatchCommand, type PublishBatchRequestEntry, type SNSClient } from '@aws-sdk/client-sns'
import pMap from 'p-map'
import type { RoomEvent } from '../../core/notifications/room-event.ts'
import type { RoomEventMessage, RoomEventTopic } from '../../core/ports/topics.ts'
import { encodeMessage } from '../../core/protocol/envelope.ts'
import { requestOptions } from '../request-options.ts'
import { splitIntoBatches } from '../split-into-batches.ts'
import { stringAttributes } from './client.ts'

// SNS's limits of one request; bytes include the attributes.
const maxRequestBytes = 262_144
const batchLimits = { maxMessages: 10, maxBytes: maxRequestBytes }
const requestConcurrency = 4
/** Bytes reserved per message for its id and the names of its attributes. */
const overheadBytes = 200
/** Characters. Ids have at most 4,096; the name of an unknown event can have any length. */
const maxEventNameLength = 256

type BatchEntry = {
  readonly message: RoomEventMessage
  readonly request: PublishBatchRequestEntry
  readonly bytes: number
}

/** Publishes room events in batches of up to ten (docs/contract.md, section 7). */
export function snsRoomEventTopic(client: SNSClient, topicArn: string): RoomEventTopic {
  return {
    async publish(messages, signal) {
      const failures = await pMap(
        splitIntoBatches(messages.map(toBatchEntry), ({ bytes }) => bytes, batchLimits),
        (batch) => publishBatch(client, topicArn, batch, signal),
        { concurrency: requestConcurrency },
      )
      return new Map(failures.flat())
    },
  }
}

/** @returns an error for each message that SNS did not accept. */
async function publishBatch(
  client: SNSClient,
  topicArn: string,
  entries: readonly BatchEntry[],
  signal: AbortSignal | undefined,
): Promise<[RoomEventMessage, Error][]> {
  const PublishBatchRequestEntries = entries.map(({ request }, index) => ({ ...request, Id: String(index) }))
  const command = new PublishBatchCommand({ TopicArn: topicArn, PublishBatchRequestEntries })
  try {
    const { Failed = [] } = await client.send(command, requestOptions(signal))
    return Failed.flatMap(({ Id, Code, Message }) => {
      const entry = entries[Number(Id)]
      return entry === undefined ? [] : [[entry.message, new Error(`SNS: ${Code} ${Message ?? ''}`)]]
    })
  } catch (error) {
    const failure = error instanceof Error ? error : new Error(String(error))
    return entries.map(({ message }) => [message, failure])
  }
}

function toBatchEntry(message: RoomEventMessage): BatchEntry {
  const { body, room_id, box_code } = message
  const attributes = { event: body.event.slice(0, maxEventNameLength), room_id, box_code, source: body.source }
  const attributeBytes = Buffer.byteLength(JSON.stringify(attributes))
  const text = encodeWithin(body, maxRequestBytes - attributeBytes - overheadBytes)
  return {
    message,
    request: { Id: undefined, Message: text, MessageAttributes: stringAttributes(attributes) },
    bytes: Buffer.byteLength(text) + attributeBytes + overheadBytes,
  }
}

/** An event too large for SNS is published without its parameters; the log has them. */
function encodeWithin(body: RoomEvent, maxBytes: number): string {
  const text = encodeMessage(body)
  if (Buffer.byteLength(text) <= maxBytes) return text
  const event = body.event.slice(0, maxEventNameLength).toWellFormed()
  return encodeMessage({ ...body, event, params: {}, params_omitted: true })
}
