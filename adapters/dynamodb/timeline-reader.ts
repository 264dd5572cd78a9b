import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Page } from '../../core/ports/page.ts'
import { allTime } from '../../core/ports/period.ts'
import type { RoomTimelineRequest, TimelineEntry, TimelineRequest } from '../../core/ports/room-reader.ts'
import { type EventItem, fromEventItem, maxEventNameLength } from './event-item.ts'
import { streamKey, timelineKeyOfUser, timelineKeys, warningsKey } from './keys.ts'
import type { StartKey } from './query.ts'
import { encodeTimelineCursor, parseTimelineCursor, type TimelineScope } from './timeline-cursor.ts'
import { queryTimeline, type TimelineFilter, timelineKeyOf } from './timeline-query.ts'

export type EventLogTable = {
  readonly client: DynamoDBDocumentClient
  readonly eventLogTable: string
  readonly signal?: AbortSignal | undefined
}

/** Requests for one page; a page that is not full after these still has a cursor. */
const maxPageRequests = 20
/** Entries to read of each partition with one request if most of them may be filtered out. */
const maxFilteredEntries = 1000

/** Reads a page of the events that name the room, quarantined ones included. @throws InvalidCursorError */
export function readTimeline(
  table: EventLogTable,
  roomId: string,
  request: RoomTimelineRequest,
): Promise<Page<TimelineEntry>> {
  const { user_id, event, period = allTime } = request
  const keys = user_id === undefined ? timelineKeys(roomId) : [timelineKeyOfUser(roomId, user_id)]
  const scope = { list: 'events', keys, stream: streamKey({ kind: 'room', room_id: roomId }), period } as const
  const filter = combineFilters([
    ...(user_id === undefined ? [] : [filterByUser(roomId, user_id)]),
    ...(event === undefined ? [] : [filterByName(event)]),
  ])
  return readPage(table, scope, filter, request)
}

/** Reads a page of the warnings of a media server, quarantined ones included. @throws InvalidCursorError */
export function readWarnings(
  table: EventLogTable,
  boxCode: string,
  request: TimelineRequest,
): Promise<Page<TimelineEntry>> {
  const { period = allTime } = request
  const stream = streamKey({ kind: 'box', box_code: boxCode })
  const scope = { list: 'events', keys: [warningsKey(boxCode)], stream, period } as const
  return readPage(table, scope, undefined, request)
}

async function readPage(
  table: EventLogTable,
  scope: TimelineScope,
  filter: TimelineFilter | undefined,
  { limit, cursor, order }: TimelineRequest,
): Promise<Page<TimelineEntry>> {
  const { keys, period } = scope
  const maxEntries = filter === undefined ? limit : Math.max(limit, maxFilteredEntries)
  const query = { ...table, keys, period, order, maxEntries, filter, signal: table.signal }
  const items: EventItem[] = []
  let next: StartKey | undefined = cursor === null ? undefined : parseTimelineCursor(cursor, scope)
  let requests = 0
  do {
    const read = await queryTimeline(query, next)
    items.push(...read.items)
    next = read.next
    requests += keys.length
  } while (next !== undefined && items.length < limit && requests + keys.length <= maxPageRequests)
  const last = items[limit - 1]
  // The partitions may have more entries than the page, so the page ends where the limit is reached.
  const end = last !== undefined && items.length > limit ? timelineKeyOf(last) : next
  return { items: items.slice(0, limit).map(toEntry), cursor: encodeTimelineCursor(end, scope) }
}

function filterByName(event: string): TimelineFilter {
  return {
    FilterExpression: '#event = :event',
    ExpressionAttributeNames: { '#event': 'event' },
    ExpressionAttributeValues: { ':event': event.slice(0, maxEventNameLength).toWellFormed() },
  }
}

/** Events of the participant, and quarantined ones, whose streams do not tell whose they are. */
function filterByUser(room_id: string, user_id: string): TimelineFilter {
  return {
    FilterExpression: '(#stream = :stream OR (#stream = :quarantine AND contains(#params, :user)))',
    ExpressionAttributeNames: { '#stream': 'stream', '#params': 'params' },
    ExpressionAttributeValues: {
      ':stream': streamKey({ kind: 'participant', room_id, user_id }),
      ':quarantine': 'quarantine',
      ':user': `"user_id":${JSON.stringify(user_id)}`,
    },
  }
}

function combineFilters(filters: readonly TimelineFilter[]): TimelineFilter | undefined {
  if (filters.length === 0) return undefined
  return {
    FilterExpression: filters.map(({ FilterExpression }) => FilterExpression).join(' AND '),
    ExpressionAttributeNames: Object.assign({}, ...filters.map((filter) => filter.ExpressionAttributeNames)),
    ExpressionAttributeValues: Object.assign({}, ...filters.map((filter) => filter.ExpressionAttributeValues)),
  }
}

function toEntry(item: EventItem): TimelineEntry {
  return { event: fromEventItem(item), quarantined: item.quarantined }
}
