import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Order, Page, PageRequest } from '../../core/ports/page.ts'
import type { TimelineEntry } from '../../core/ports/room-reader.ts'
import { type EventItem, fromEventItem } from './event-item.ts'
import { encodeTimelineCursor, parseTimelineCursor } from './timeline-cursor.ts'
import { queryTimeline, timelineKeyOf } from './timeline-query.ts'

/** Reads a page of the events that name the room, quarantined ones included. @throws InvalidCursorError */
export async function readTimeline(
  client: DynamoDBDocumentClient,
  eventLogTable: string,
  roomId: string,
  { limit, cursor, order }: PageRequest & { readonly order: Order },
  signal?: AbortSignal,
): Promise<Page<TimelineEntry>> {
  const query = { client, eventLogTable, roomId, order, maxEntries: limit, signal }
  const start = cursor === null ? undefined : parseTimelineCursor(cursor, roomId)
  const { items, next } = await queryTimeline(query, start)
  const last = items[limit - 1]
  // The partitions may have more entries than the page, so the page ends where the limit is reached.
  const end = last !== undefined && items.length > limit ? timelineKeyOf(last) : next
  return { items: items.slice(0, limit).map(toEntry), cursor: encodeTimelineCursor(end, roomId) }
}

function toEntry(item: EventItem): TimelineEntry {
  return { event: fromEventItem(item), quarantined: item.quarantined }
}
