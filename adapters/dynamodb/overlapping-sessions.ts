import type { QueryCommandInput } from '@aws-sdk/lib-dynamodb'
import { type RoomSessionRow, TooManySessionsError } from '../../core/ports/meeting-reader.ts'
import type { Period } from '../../core/ports/period.ts'
import { isPastSession } from '../../core/projection/past-entries.ts'
import { timeOfOrder } from '../../core/state/order.ts'
import type { Session } from '../../core/state/session.ts'
import * as attributeNames from '../../names/attributes.ts'
import { participantGroups, pastSessionGroups } from './keys.ts'
import { type PackedState, stateOf } from './packed-state.ts'
import type { PastSessionItem } from './past-item.ts'
import type { ProjectionItem } from './projection-item.ts'
import { buildPrefixQuery, queryEach } from './query.ts'
import { participantPrefix, type StateTable } from './room-items.ts'

type PersonItem = PackedState & Pick<ProjectionItem, 'aggregate' | 'pending_past'>

/**
 * Reads the sessions of a room that overlap an interval or touch it, in any order: one query of each partition finds the last sessions of all
 * participants, and another one the past sessions (docs/decisions/0050).
 *
 * @throws TooManySessionsError
 */
export async function readOverlappingSessions(
  { client, stateTable, signal }: StateTable,
  roomId: string,
  { interval, maxSessions }: { readonly interval: Period; readonly maxSessions: number },
): Promise<RoomSessionRow[]> {
  let count = 0
  const readAll = async <Item>(queries: readonly QueryCommandInput[]): Promise<Item[]> => {
    const items: Item[] = []
    const read = async (query: QueryCommandInput) => {
      for await (const item of queryEach<Item>(client, query, signal)) {
        if (++count > maxSessions) throw new TooManySessionsError(maxSessions)
        items.push(item)
      }
    }
    await Promise.all(queries.map(read))
    return items
  }
  // Projections first: a session may become a past one in between, and is then read twice instead of never.
  const people = await readAll<PersonItem>(
    participantGroups(roomId).map((group) => lastSessionsQuery(stateTable, group, interval)),
  )
  const past = await readAll<PastSessionItem>(
    pastSessionGroups(roomId).map((group) => pastSessionsQuery(stateTable, group, interval)),
  )
  return mergeSessions(people, past).filter(({ session }) => overlaps(session, interval))
}

function overlaps({ joined_at, end }: Session, { from, to }: Period): boolean {
  return joined_at <= to && (end === null || end.at >= from)
}

/** What projections hold is newer than the stored past sessions that began at the same time. */
function mergeSessions(people: readonly PersonItem[], past: readonly PastSessionItem[]): RoomSessionRow[] {
  const rows = new Map<string, RoomSessionRow>()
  const keyOf = (user_id: string, joined_at: number) => JSON.stringify([user_id, joined_at])
  const add = (row: RoomSessionRow) => rows.set(keyOf(row.user_id, row.session.joined_at), row)
  for (const { aggregate, session } of past)
    if (session !== undefined) add(toRow(aggregate, session.user_name, session))
  for (const item of people) {
    const { aggregate, pending_past = [] } = item
    const state = stateOf(item)
    if (aggregate.kind !== 'participant' || state?.kind !== 'participant') continue
    for (const { key, entry } of pending_past) {
      if (entry === null) rows.delete(keyOf(aggregate.user_id, timeOfOrder(key)))
      else if (isPastSession(entry)) add(toRow(aggregate, entry.user_name, entry))
    }
    if (state.session !== null) add({ ...toRow(aggregate, state.user_name, state.session), streams: state.streams })
  }
  return [...rows.values()]
}

function toRow(
  { room_id, user_id }: { readonly room_id: string; readonly user_id: string },
  user_name: RoomSessionRow['user_name'],
  session: Session,
): RoomSessionRow {
  return { room_id, user_id, user_name, session }
}

/** The participants whose last session began before the end of the interval, and those with changes that are not written yet. */
function lastSessionsQuery(stateTable: string, group: string, { to }: Period): QueryCommandInput {
  const query = buildPrefixQuery(stateTable, group, participantPrefix)
  return {
    ...query,
    ConsistentRead: true,
    FilterExpression: '#visited <= :to OR attribute_exists(#pending)',
    ProjectionExpression: '#aggregate, #state, #packed, #pending',
    ExpressionAttributeNames: {
      ...query.ExpressionAttributeNames,
      '#visited': attributeNames.visited,
      '#pending': 'pending_past',
      '#aggregate': 'aggregate',
      '#state': 'state',
      '#packed': 'packed',
    },
    ExpressionAttributeValues: { ...query.ExpressionAttributeValues, ':to': to },
  }
}

function pastSessionsQuery(stateTable: string, group: string, { from, to }: Period): QueryCommandInput {
  return {
    TableName: stateTable,
    ConsistentRead: true,
    KeyConditionExpression: '#group = :group',
    FilterExpression: '#visited <= :to AND #session.#end.#at >= :from',
    ProjectionExpression: '#aggregate, #session',
    ExpressionAttributeNames: {
      '#group': attributeNames.group,
      '#visited': attributeNames.visited,
      '#aggregate': 'aggregate',
      '#session': 'session',
      '#end': 'end',
      '#at': 'at',
    },
    ExpressionAttributeValues: { ':group': group, ':from': from, ':to': to },
  }
}
