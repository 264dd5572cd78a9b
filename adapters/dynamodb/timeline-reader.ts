import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { InvalidCursorError, type Order, type Page, type PageRequest } from '../../core/ports/page.ts'
import type { TimelineEntry } from '../../core/ports/room-reader.ts'
import * as attributeNames from '../../names/attributes.ts'
import { indexes } from '../../names/indexes.ts'
import { encodeKeyCursor, parseKeyCursor } from './cursor.ts'
import { type EventItem, fromEventItem } from './event-item.ts'
import { keyPart } from './keys.ts'
import { queryPage, type StartKey } from './query.ts'

/** Reads a page of the events that name the room, quarantined ones included. @throws InvalidCursorError */
export async function readTimeline(
  client: DynamoDBDocumentClient,
  eventLogTable: string,
  roomId: string,
  { limit, cursor, order }: PageRequest & { readonly order: Order },
  signal?: AbortSignal,
): Promise<Page<TimelineEntry>> {
  const room = keyPart(roomId)
  const query = { ...queryTimeline(eventLogTable, room), ScanIndexForward: order === 'oldest', Limit: limit }
  const start = cursor === null ? undefined : startKeyOf(cursor, room)
  const { items, next } = await queryPage<EventItem>(client, query, start, signal)
  return {
    items: items.map((item) => ({ event: fromEventItem(item), quarantined: item.quarantined })),
    cursor: encodeKeyCursor(next, cursorAttributes),
  }
}

function queryTimeline(eventLogTable: string, room: string) {
  return {
    TableName: eventLogTable,
    IndexName: indexes.timeline,
    KeyConditionExpression: `${attributeNames.room} = :room`,
    ExpressionAttributeValues: { ':room': room },
  }
}

/** The cursor holds the whole key, because two events can have the same order key. */
const cursorAttributes = [attributeNames.stream, attributeNames.eventKey, attributeNames.orderKey]

/** @throws InvalidCursorError also for an event of another room. */
function startKeyOf(cursor: string, room: string): StartKey {
  const key = parseKeyCursor(cursor, cursorAttributes)
  const isOfRoom = key.stream === 'quarantine' || `${key.stream}/`.startsWith(`room/${room}/`)
  if (!isOfRoom) throw new InvalidCursorError()
  return { ...key, room }
}
