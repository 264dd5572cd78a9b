import { PublishBatchCommand, type PublishBatchRequestEntry, type SNSClient } from '@aws-sdk/client-sns'
import pMap from 'p-map'
import type { RoomEvent } from '../../core/notifications/room-event.ts'
import type { RoomEventMessage, RoomEventTopic } from '../../core/ports/topics.ts'
import { encodeMessage } from '../../core/protocol/envelope.ts'
import { stringAttributes } from './client.ts'

/** SNS takes this much in one request, attributes included, and so many messages. */
const maxRequestBytes = 262_144
const maxBatchMessages = 10
const requestConcurrency = 4
/** Bytes of a request beside its messages and attributes: ids and names. */
const overhead = 200
/** Characters; an id has at most 4096, the name of an event may be anything. */
const maxEventNameLength = 256

type Entry = { readonly message: RoomEventMessage; readonly request: PublishBatchRequestEntry; readonly size: number }

/** Publishes what happened in batches of up to ten (contract, section 7). */
export function snsRoomEventTopic(client: SNSClient, topicArn: string): RoomEventTopic {
  async function send(entries: readonly Entry[]): Promise<[RoomEventMessage, Error][]> {
    try {
      const PublishBatchRequestEntries = entries.map(({ request }, index) => ({ ...request, Id: String(index) }))
      const { Failed = [] } = await client.send(
        new PublishBatchCommand({ TopicArn: topicArn, PublishBatchRequestEntries }),
      )
      return Failed.flatMap(({ Id, Code, Message }) => {
        const entry = entries[Number(Id)]
        return entry === undefined ? [] : [[entry.message, new Error(`SNS: ${Code} ${Message ?? ''}`)]]
      })
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error))
      return entries.map(({ message }) => [message, failure])
    }
  }

  return {
    async publish(messages) {
      const batches = batchesOf(messages.map(entryOf))
      const failed = await pMap(batches, send, { concurrency: requestConcurrency })
      return new Map(failed.flat())
    },
  }
}

function entryOf(message: RoomEventMessage): Entry {
  const { body, room_id } = message
  const attributes = { event: body.event.slice(0, maxEventNameLength), room_id, source: body.source }
  const sizeOfAttributes = Buffer.byteLength(JSON.stringify(attributes))
  const text = textOf(body, maxRequestBytes - sizeOfAttributes - overhead)
  return {
    message,
    request: { Id: undefined, Message: text, MessageAttributes: stringAttributes(attributes) },
    size: Buffer.byteLength(text) + sizeOfAttributes + overhead,
  }
}

/** An event may be larger than SNS takes; its parameters are in the log then, and the message says so. */
function textOf(body: RoomEvent, longest: number): string {
  const text = encodeMessage(body)
  if (Buffer.byteLength(text) <= longest) return text
  const event = body.event.slice(0, maxEventNameLength).toWellFormed()
  return encodeMessage({ ...body, event, params: {}, params_omitted: true })
}

/** Cuts the list where a request would hold too many or too much. */
function batchesOf(entries: readonly Entry[]): Entry[][] {
  const batches: Entry[][] = []
  let room = 0
  for (const entry of entries) {
    room -= entry.size
    if (room < 0 || (batches.at(-1)?.length ?? maxBatchMessages) >= maxBatchMessages) {
      batches.push([])
      room = maxRequestBytes - entry.size
    }
    batches.at(-1)?.push(entry)
  }
  return batches
}
