import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Order } from '../../core/ports/page.ts'
import * as attributeNames from '../../names/attributes.ts'
import { indexes } from '../../names/indexes.ts'
import { readItems } from './batch-get.ts'
import { type EventItem, fromEventItem } from './event-item.ts'
import { type ItemKey, keyText } from './keys.ts'
import type { PastSessionItem } from './past-session-item.ts'
import type { ProjectionItem, UserSessionKeys } from './projection-item.ts'
import { type QueryPage, queryPage, type StartKey } from './query.ts'
import type { SessionCandidate } from './session-rows.ts'

/** Reads a page of candidates; the first page if `start` is undefined. */
export type CandidateSource = (start: StartKey | undefined) => Promise<QueryPage<SessionCandidate>>

/** Log entries to read per wanted session: a join comes with about a dozen other events. */
const entriesPerJoin = 15
const minEntries = 100
const maxEntries = 1000

/**
 * Finds the joins of a room in its timeline: every session started with one.
 *
 * @param room key part of the room.
 * @param limit number of sessions wanted.
 */
export function joinsOfRoom(
  client: DynamoDBDocumentClient,
  eventLogTable: string,
  { room, start, order, limit }: { room: string; start: StartKey | undefined; order: Order; limit: number },
  signal?: AbortSignal,
): CandidateSource {
  const query = {
    TableName: eventLogTable,
    IndexName: indexes.timeline,
    KeyConditionExpression: `${attributeNames.room} = :room`,
    FilterExpression: '#event = :join AND attribute_not_exists(quarantined)',
    ExpressionAttributeNames: { '#event': 'event' },
    ExpressionAttributeValues: { ':room': room, ':join': 'join' },
    ScanIndexForward: order === 'oldest',
    Limit: Math.min(maxEntries, Math.max(minEntries, limit * entriesPerJoin)),
  }
  // Two joins of a participant in the same millisecond start one session.
  const seen = new Set(start === undefined ? [] : [joinKey(String(start.stream), String(start.order_key))])
  return async (from) => {
    const { items, next } = await queryPage<EventItem>(client, query, from, signal)
    const joins = items.filter(({ stream, order_key }) => {
      const key = joinKey(stream, order_key)
      return !seen.has(key) && seen.add(key)
    })
    return { items: joins.flatMap(toJoinCandidate), next }
  }
}

/** Participant and millisecond of a join: its stream, and the time with which its order key starts. */
function joinKey(stream: string, orderKey: string): string {
  return `${stream} ${orderKey.slice(0, orderKey.indexOf('.'))}`
}

/** Returns an empty list for another event. */
function toJoinCandidate(item: EventItem): SessionCandidate[] {
  const { data, received_at } = fromEventItem(item)
  if (data.event !== 'join') return []
  const { stream, event_key, order_key, room } = item
  return [
    {
      participant: { kind: 'participant', room_id: data.room_id, user_id: data.user_id },
      joinedAt: received_at,
      key: { stream, event_key, order_key, room },
    },
  ]
}

/**
 * Finds the sessions of a user in the `visits` index, newest first.
 *
 * @param userKey key part of the user.
 * @param limit number of sessions wanted.
 */
export function sessionsOfUser(
  client: DynamoDBDocumentClient,
  stateTable: string,
  { userKey, limit }: { userKey: string; limit: number },
  signal?: AbortSignal,
): CandidateSource {
  const query = {
    TableName: stateTable,
    IndexName: indexes.userSessions,
    KeyConditionExpression: `${attributeNames.visitor} = :user`,
    ExpressionAttributeValues: { ':user': userKey },
    ScanIndexForward: false,
    Limit: limit,
  }
  return async (from) => {
    const { items: starts, next } = await queryPage<ItemKey & UserSessionKeys>(client, query, from, signal)
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
