import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Order } from '../../core/ports/page.ts'
import type { Period } from '../../core/ports/period.ts'
import { toleranceMs } from '../../core/state/connections.ts'
import * as attributeNames from '../../names/attributes.ts'
import { indexes } from '../../names/indexes.ts'
import { readItems } from './batch-get.ts'
import { type EventItem, fromEventItem } from './event-item.ts'
import { type ItemKey, keyText, timelineKeys } from './keys.ts'
import type { PastSessionItem } from './past-item.ts'
import type { ProjectionItem, UserSessionKeys } from './projection-item.ts'
import { type QueryPage, queryPage, type StartKey } from './query.ts'
import type { SessionCandidate } from './session-rows.ts'
import { queryTimeline, timelineKeyOf } from './timeline-query.ts'

/** Reads a page of candidates; the first page if `start` is undefined. */
export type CandidateSource = (start: StartKey | undefined) => Promise<QueryPage<SessionCandidate>>

/** Log entries to read per wanted session: a join comes with about a dozen other events. */
const entriesPerJoin = 15
/** Entries to read of each partition of the timeline. */
const minEntries = 100
const maxEntries = 1000

/**
 * Finds the events of a room in its timeline with which sessions may have started: joins, and media of participants who were
 * not present according to the entries before (docs/contract.md, section 4). Most pages hold few of the latter.
 *
 * @param limit number of sessions wanted.
 */
export function sessionStartsOfRoom(
  client: DynamoDBDocumentClient,
  eventLogTable: string,
  { roomId, start, order, limit }: { roomId: string; start: StartKey | undefined; order: Order; limit: number },
  signal?: AbortSignal,
): CandidateSource {
  const keys = timelineKeys(roomId)
  const wantedEntries = Math.ceil((limit * entriesPerJoin) / keys.length)
  const query = {
    client,
    eventLogTable,
    keys,
    order,
    maxEntries: Math.min(maxEntries, Math.max(minEntries, wantedEntries)),
    filter: {
      FilterExpression: '#event IN (:join, :leave, :close, :publish, :sub) AND attribute_not_exists(quarantined)',
      ExpressionAttributeNames: { '#event': 'event' },
      ExpressionAttributeValues: {
        ':join': 'join',
        ':leave': 'leave',
        ':close': 'close',
        ':publish': 'publish',
        ':sub': 'sub',
      },
    },
    signal,
  }
  // Two events of a participant in the same millisecond start one session.
  const seen = new Set(start === undefined ? [] : [startKey(String(start.stream), String(start.order_key))])
  return async (from) => {
    const { items, next } = await queryTimeline(query, from)
    const isOldestFirst = order === 'oldest'
    const starts = possibleStarts(isOldestFirst ? items : items.toReversed()).filter(({ stream, order_key }) => {
      const key = startKey(stream, order_key)
      return !seen.has(key) && seen.add(key)
    })
    return { items: (isOldestFirst ? starts : starts.reverse()).flatMap(toCandidate), next }
  }
}

/** @param items entries of a timeline, oldest first; what happened before them is unknown. */
function possibleStarts(items: readonly EventItem[]): EventItem[] {
  const present = new Set<string>()
  const leftAt = new Map<string, number>()
  // Before the first entry, everybody may have left.
  let allLeftAt = items[0]?.received_at ?? 0
  return items.filter(({ event, stream, received_at: at }) => {
    if (event === 'close') {
      present.clear()
      allLeftAt = at
      return false
    }
    if (event === 'leave') {
      present.delete(stream)
      leftAt.set(stream, at)
      return false
    }
    const isStart = event === 'join' || !present.has(stream)
    // Media right after an end start no session, so the next media may.
    const isStraggler = at - Math.max(allLeftAt, leftAt.get(stream) ?? 0) < toleranceMs
    if (event === 'join' || !isStraggler) present.add(stream)
    return isStart
  })
}

/** Participant and millisecond of an event: its stream, and the time with which its order key starts. */
function startKey(stream: string, orderKey: string): string {
  return `${stream} ${orderKey.slice(0, orderKey.indexOf('.'))}`
}

/** Returns an empty list for an event that starts no session. */
function toCandidate(item: EventItem): SessionCandidate[] {
  const { data, received_at } = fromEventItem(item)
  if (data.event !== 'join' && data.event !== 'publish' && data.event !== 'sub') return []
  const participant = { kind: 'participant', room_id: data.room_id, user_id: data.user_id } as const
  return [{ participant, joinedAt: received_at, key: timelineKeyOf(item) }]
}

export type UserSessionsRequest = {
  /** Key part of the user. */
  readonly userKey: string
  /** Number of sessions wanted. */
  readonly limit: number
  readonly period: Period
}

/** Keys to read with one request of the sessions that began before the period: most of them ended before it as well. */
const maxEarlierKeys = 1000

/** Finds the sessions of a user in the `visits` index that may overlap the period, newest first. */
export function sessionsOfUser(
  client: DynamoDBDocumentClient,
  stateTable: string,
  { userKey, limit, period }: UserSessionsRequest,
  signal?: AbortSignal,
): CandidateSource {
  const query = {
    TableName: stateTable,
    IndexName: indexes.userSessions,
    KeyConditionExpression: `${attributeNames.visitor} = :user AND ${attributeNames.visited} < :to`,
    ExpressionAttributeValues: { ':user': userKey, ':to': period.to },
    ScanIndexForward: false,
  }
  // The sessions of a user in one room follow each other, so only the last one before the period can reach into it.
  const earlierRooms = new Set<string>()
  const mayOverlap = ({ group, visited }: UserSessionStart) => {
    if (visited >= period.from) return true
    const room = group.split('/')[1] ?? ''
    return !earlierRooms.has(room) && earlierRooms.add(room)
  }
  return async (from) => {
    const isEarlier = from !== undefined && Number(from.visited) < period.from
    const page = { ...query, Limit: isEarlier ? maxEarlierKeys : limit }
    const { items, next } = await queryPage<UserSessionStart>(client, page, from, signal)
    const starts = items.filter(mayOverlap)
    const options = { consistent: true, signal }
    const found = await readItems<ProjectionItem | PastSessionItem>(client, stateTable, starts, options)
    const candidates = starts.flatMap(({ group, item, visited, visitor }): SessionCandidate[] => {
      const participant = found.get(keyText({ group, item }))?.aggregate
      if (participant?.kind !== 'participant') return []
      return [{ participant, joinedAt: visited, key: { group, item, visited, visitor } }]
    })
    return { items: candidates, next }
  }
}

type UserSessionStart = ItemKey & UserSessionKeys
