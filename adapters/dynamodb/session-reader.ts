import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb'
import { InvalidCursorError, type Page, type PageRequest } from '../../core/ports/page.ts'
import type { SessionReader, SessionRow } from '../../core/ports/session-reader.ts'
import type { ParticipantId } from '../../core/state/aggregate.ts'
import { type ItemKey, keyText, readItems } from './batch-get.ts'
import { encodeCursor, partsOf } from './cursor.ts'
import { type EventItem, eventOf } from './event-log.ts'
import { itemKey, keyPart, sessionKeys, timelineIndex, visitsIndex } from './keys.ts'
import { type ProjectionItem, type SessionItem, stateOf } from './projection-store.ts'

export type SessionReaderOptions = {
  readonly client: DynamoDBDocumentClient
  readonly eventLogTable: string
  readonly stateTable: string
}

type Key = Readonly<Record<string, unknown>>

/** A stay that may have begun then (ms). */
type Candidate = { readonly aggregate: ParticipantId; readonly at: number; readonly key: Key }

/** Joins to look at together, though fewer rows are wanted: most of them may be reconnects. */
const fewestCandidates = 25
/** Log entries to look through for one join: it comes with a dozen others. */
const entriesForJoin = 15
const fewestEntries = 100
const mostEntries = 1000
/** Requests for one page: where it is not full after that, the next goes on. */
const mostRequests = 20

/**
 * Attendance. In a room, its timeline has each join in order, and each stay began with one; of a user, the index of visits
 * has the beginnings. What came of a stay is in the projection of the person, where it is the last, or in an item of its own.
 */
export function dynamodbSessionReader({ client, eventLogTable, stateTable }: SessionReaderOptions): SessionReader {
  const read = (keys: readonly ItemKey[]) =>
    readItems<ProjectionItem & SessionItem>(client, stateTable, keys, { consistent: true })

  /** The stays that did begin then; a join of somebody who was there already began none. */
  async function rowsOf(candidates: readonly Candidate[]): Promise<(SessionRow | undefined)[]> {
    const projections = await read(candidates.map(({ aggregate }) => itemKey(aggregate)))
    const ofViews = candidates.map(({ aggregate, at }) => {
      return rowInView(aggregate, at, projections.get(keyText(itemKey(aggregate))))
    })
    const others = candidates.filter((_, index) => ofViews[index] === undefined)
    const past = await read(others.map(pastKey))
    return candidates.map((candidate, index) => {
      const inView = ofViews[index]
      if (inView !== undefined) return inView === 'none' ? undefined : inView
      const { session } = past.get(keyText(pastKey(candidate))) ?? {}
      return session && { ...candidate.aggregate, user_name: session.user_name, session }
    })
  }

  /** Pages of candidates until there are `limit` stays, no candidates any more, or it takes too long. */
  async function collect(
    limit: number,
    start: Key | undefined,
    next: (from: Key | undefined) => Promise<{ candidates: Candidate[]; last: Key | undefined }>,
  ): Promise<{ items: SessionRow[]; last: Key | undefined }> {
    const items: SessionRow[] = []
    let from = start
    for (let request = 0; request < mostRequests; request++) {
      const { candidates, last } = await next(from)
      // Not many more than are missing: each costs a reading.
      const size = Math.max(fewestCandidates, limit)
      for (let at = 0; at < candidates.length; at += size) {
        const chunk = candidates.slice(at, at + size)
        const rows = await rowsOf(chunk)
        for (const [index, row] of rows.entries()) {
          if (row === undefined) continue
          items.push(row)
          const isLast = at + index === candidates.length - 1 && last === undefined
          if (items.length === limit) return { items, last: isLast ? undefined : chunk[index]?.key }
        }
      }
      from = last
      if (from === undefined) break
    }
    return { items, last: from }
  }

  return {
    async listByRoom(roomId, { limit, cursor, order }): Promise<Page<SessionRow>> {
      const room = keyPart(roomId)
      const names = ['stream', 'event_key', 'order_key'] as const
      const start: Key | undefined = cursor === null ? undefined : { ...keyIn(cursor, names), room }
      if (start !== undefined && !String(start.stream).startsWith(`room/${room}/user/`)) throw new InvalidCursorError()
      const seen = new Set(start === undefined ? [] : [beginningAt(String(start.stream), String(start.order_key))])
      const { items, last } = await collect(limit, start, async (from) => {
        const answer = await client.send(
          new QueryCommand({
            TableName: eventLogTable,
            IndexName: timelineIndex,
            KeyConditionExpression: 'room = :room',
            FilterExpression: '#event = :join AND attribute_not_exists(quarantined)',
            ExpressionAttributeNames: { '#event': 'event' },
            ExpressionAttributeValues: { ':room': room, ':join': 'join' },
            ScanIndexForward: order === 'oldest',
            ExclusiveStartKey: from,
            Limit: Math.min(mostEntries, Math.max(fewestEntries, limit * entriesForJoin)),
          }),
        )
        // Somebody may be told to have joined twice in a millisecond; that is one beginning.
        const joins = ((answer.Items ?? []) as EventItem[]).filter(({ stream, order_key }) => {
          const beginning = beginningAt(stream, order_key)
          return !seen.has(beginning) && seen.add(beginning)
        })
        return { candidates: joins.flatMap((item) => joinAt(item)), last: answer.LastEvaluatedKey }
      })
      return { items, cursor: last === undefined ? null : encodeCursor(names.map((name) => last[name])) }
    },

    async listByUser(userId, { limit, cursor }: PageRequest): Promise<Page<SessionRow>> {
      const visitor = keyPart(userId)
      const names = ['group', 'item', 'visited'] as const
      const start: Key | undefined = cursor === null ? undefined : { ...keyIn(cursor, names), visitor }
      if (start !== undefined && !isVisitOf(visitor, start)) throw new InvalidCursorError()
      const { items, last } = await collect(limit, start, async (from) => {
        const answer = await client.send(
          new QueryCommand({
            TableName: stateTable,
            IndexName: visitsIndex,
            KeyConditionExpression: 'visitor = :visitor',
            ExpressionAttributeValues: { ':visitor': visitor },
            ScanIndexForward: false,
            ExclusiveStartKey: from,
            Limit: limit,
          }),
        )
        const visits = (answer.Items ?? []) as Required<
          Pick<ProjectionItem, 'group' | 'item' | 'visited' | 'visitor'>
        >[]
        const found = await read(visits)
        const candidates = visits.flatMap(({ group, item, visited, visitor }) => {
          const aggregate = found.get(keyText({ group, item }))?.aggregate
          if (aggregate?.kind !== 'participant') return []
          return [{ aggregate, at: visited, key: { group, item, visited, visitor } }]
        })
        return { candidates, last: answer.LastEvaluatedKey }
      })
      return { items, cursor: last === undefined ? null : encodeCursor(names.map((name) => last[name])) }
    },
  }
}

/** @returns undefined where the projection does not know; 'none' where it knows that no stay began then. */
function rowInView(
  { room_id, user_id }: ParticipantId,
  at: number,
  item: ProjectionItem | undefined,
): SessionRow | 'none' | undefined {
  const state = item && stateOf(item)
  if (state?.kind !== 'participant') return undefined
  if (state.session?.joined_at === at) return { room_id, user_id, user_name: state.user_name, session: state.session }
  const change = item?.pending?.find(({ joined_at }) => joined_at === at)
  if (change === undefined) return undefined
  const { session } = change
  return session === null ? 'none' : { room_id, user_id, user_name: session.user_name, session }
}

function pastKey({ aggregate, at }: Candidate): ItemKey {
  const { group, prefix } = sessionKeys(aggregate)
  return { group, item: `${prefix}${at}` }
}

function joinAt(item: EventItem): Candidate[] {
  const { data, received_at } = eventOf(item)
  if (data.event !== 'join') return []
  const { stream, event_key, order_key, room } = item
  return [
    {
      aggregate: { kind: 'participant', room_id: data.room_id, user_id: data.user_id },
      at: received_at,
      key: { stream, event_key, order_key, room },
    },
  ]
}

/** The person and the millisecond. */
function beginningAt(stream: string, orderKey: string): string {
  return `${stream} ${orderKey.slice(0, orderKey.indexOf('.'))}`
}

/** A projection, or a past session, of this user. */
function isVisitOf(visitor: string, { group, item }: Key): boolean {
  const place = String(item)
  return String(group).startsWith('room/') && (place === `user/${visitor}` || place.startsWith(`${visitor}/`))
}

/** @throws InvalidCursorError */
function keyIn(cursor: string, names: readonly string[]): Record<string, unknown> {
  const parts = partsOf(cursor)
  const fits = (part: unknown, name: string | undefined) =>
    name === 'visited' ? Number.isSafeInteger(part) : typeof part === 'string' && part !== ''
  if (parts.length !== names.length || !parts.every((part, index) => fits(part, names[index])))
    throw new InvalidCursorError()
  return Object.fromEntries(names.map((name, index) => [name, parts[index]]))
}
