import { type DynamoDBDocumentClient, paginateQuery, QueryCommand } from '@aws-sdk/lib-dynamodb'
import pMap from 'p-map'
import { InvalidCursorError, type Page } from '../../core/ports/page.ts'
import type {
  RoomDetails,
  RoomReader,
  RoomStatusFilter,
  RoomSummary,
  TimelineEntry,
} from '../../core/ports/room-reader.ts'
import { readItems } from './batch-get.ts'
import { encodeCursor, partsOf } from './cursor.ts'
import { type EventItem, eventOf } from './event-log.ts'
import {
  behindRoom,
  itemKey,
  keyPart,
  listingIndex,
  listingOrder,
  listingPartition,
  listingShards,
  timelineIndex,
} from './keys.ts'
import { type Listed, type ProjectionItem, stateOf } from './projection-store.ts'

export type RoomReaderOptions = {
  readonly client: DynamoDBDocumentClient
  readonly eventLogTable: string
  readonly stateTable: string
}

const roomConcurrency = 16

/** Where a list of rooms goes on: in this part of the index, behind this key. */
type Place = { readonly status: 'open' | 'closed'; readonly shard: number; readonly after: string }

/** The rows of one room in the listing index. */
type Group = { readonly room: RoomSummary['state']; readonly room_id: string; readonly joined: number[] }

export function dynamodbRoomReader({ client, eventLogTable, stateTable }: RoomReaderOptions): RoomReader {
  /** The rows of a part of the listing index behind a key, in order. */
  async function* rows(place: Place, until?: string): AsyncGenerator<Listed> {
    const range = until === undefined ? ' AND #order > :after' : ' AND #order BETWEEN :after AND :until'
    const fromStart = place.after === '' && until === undefined
    const pages = paginateQuery(
      { client },
      {
        TableName: stateTable,
        IndexName: listingIndex,
        KeyConditionExpression: `#list = :list${fromStart ? '' : range}`,
        ExpressionAttributeNames: { '#list': 'list', ...(fromStart ? {} : { '#order': 'list_order' }) },
        ExpressionAttributeValues: {
          ':list': listingPartition(place.status, place.shard),
          ...(fromStart ? {} : { ':after': place.after }),
          ...(until === undefined ? {} : { ':until': until }),
        },
      },
    )
    for await (const page of pages) for (const item of page.Items ?? []) yield item.listed as Listed
  }

  /** Whole rooms, in order: the rows of a room lie together, the room's own first. */
  async function* groups(place: Place, until?: string): AsyncGenerator<Group> {
    let group: Group | undefined
    for await (const listed of rows(place, until)) {
      if (group?.room_id !== listed.room_id) {
        if (group !== undefined) yield group
        group = { room: undefined, room_id: listed.room_id, joined: [] }
      }
      if ('user_id' in listed) group.joined.push(listed.joined_at)
      else group = { ...group, room: listed }
    }
    if (group !== undefined) yield group
  }

  /** Of rooms that have people but no row among the open ones: those that are closed, and so listed elsewhere. */
  async function closedAmong(roomIds: readonly string[]): Promise<Set<string>> {
    const keys = roomIds.map((room_id) => itemKey({ kind: 'room', room_id }))
    const items = await readItems<ProjectionItem>(client, stateTable, keys, { consistent: false })
    return new Set(
      items
        .values()
        .flatMap(({ state, aggregate }) =>
          state?.kind === 'room' && state.status === 'closed' && aggregate.kind === 'room' ? [aggregate.room_id] : [],
        ),
    )
  }

  /** Up to `limit` rooms of one part of the index; `last` is where the next page goes on, if there is more. */
  async function pageOf(place: Place, limit: number): Promise<{ found: Group[]; last: string | undefined }> {
    const found: Group[] = []
    for await (const group of groups(place)) {
      if (found.length === limit)
        return { found: await listed(place, found), last: behindRoom(found.at(-1)?.room_id ?? '') }
      found.push(group)
    }
    return { found: await listed(place, found), last: undefined }
  }

  async function listed(place: Place, found: Group[]): Promise<Group[]> {
    if (place.status === 'open') {
      const closed = await closedAmong(found.filter((group) => group.room === undefined).map((group) => group.room_id))
      return found.filter((group) => !closed.has(group.room_id))
    }
    // People may be in a closed room, if its opening was never told; they are listed among the open ones.
    const [first, last] = [found[0], found.at(-1)]
    if (first === undefined || last === undefined) return found
    const present = new Map<string, number[]>()
    const from = { ...place, status: 'open', after: listingOrder(first.room_id) } as const
    for await (const { room_id, joined } of groups(from, behindRoom(last.room_id))) present.set(room_id, joined)
    return found.map((group) => ({ ...group, joined: present.get(group.room_id) ?? [] }))
  }

  async function lastEventAt(roomId: string): Promise<number | undefined> {
    const answer = await client.send(
      new QueryCommand({
        TableName: eventLogTable,
        IndexName: timelineIndex,
        KeyConditionExpression: 'room = :room',
        ExpressionAttributeValues: { ':room': keyPart(roomId) },
        ScanIndexForward: false,
        Limit: 1,
      }),
    )
    return (answer.Items?.[0] as EventItem | undefined)?.received_at
  }

  async function summaryOf({ room, room_id, joined }: Group): Promise<RoomSummary> {
    const last_event_at = await lastEventAt(room_id)
    return { room_id, state: room, joined, last_event_at }
  }

  return {
    async listRooms(status, { limit, cursor }) {
      const found: Group[] = []
      let place: Place | undefined = cursor === null ? firstPlace(status) : placeIn(cursor, status)
      while (place !== undefined && found.length < limit) {
        const page: Awaited<ReturnType<typeof pageOf>> = await pageOf(place, limit - found.length)
        found.push(...page.found)
        place = page.last === undefined ? nextPlace(place, status) : { ...place, after: page.last }
      }
      const items = await pMap(found, summaryOf, { concurrency: roomConcurrency })
      return { items, cursor: place === undefined ? null : encodeCursor([place.status, place.shard, place.after]) }
    },

    async countOpen() {
      const counts = await Promise.all(
        Array.from({ length: listingShards }, async (_, shard) => {
          const found: Group[] = []
          for await (const group of groups({ status: 'open', shard, after: '' })) found.push(group)
          const closed = await closedAmong(
            found.filter((group) => group.room === undefined).map((group) => group.room_id),
          )
          return {
            rooms: found.length - closed.size,
            participants: found.reduce((sum, group) => sum + group.joined.length, 0),
          }
        }),
      )
      return {
        rooms: counts.reduce((sum, { rooms }) => sum + rooms, 0),
        participants: counts.reduce((sum, { participants }) => sum + participants, 0),
      }
    },

    async readRoom(roomId) {
      const participants: { user_id: string; state: RoomDetails['participants'][number]['state'] }[] = []
      const recordings: RoomDetails['recordings'][number][] = []
      let room: RoomDetails['room']
      const pages = paginateQuery(
        { client },
        {
          TableName: stateTable,
          KeyConditionExpression: '#group = :group',
          ExpressionAttributeNames: { '#group': 'group' },
          ExpressionAttributeValues: { ':group': itemKey({ kind: 'room', room_id: roomId }).group },
        },
      )
      for await (const page of pages)
        for (const item of (page.Items ?? []) as ProjectionItem[]) {
          const { aggregate } = item
          const state = stateOf(item)
          if (state?.kind === 'room') room = state
          if (state?.kind === 'recording') recordings.push(state)
          if (state?.kind === 'participant' && aggregate.kind === 'participant')
            participants.push({ user_id: aggregate.user_id, state })
        }
      return { room, participants, recordings, last_event_at: await lastEventAt(roomId) }
    },

    async readTimeline(roomId, { limit, cursor, order }): Promise<Page<TimelineEntry>> {
      const room = keyPart(roomId)
      const answer = await client.send(
        new QueryCommand({
          TableName: eventLogTable,
          IndexName: timelineIndex,
          KeyConditionExpression: 'room = :room',
          ExpressionAttributeValues: { ':room': room },
          // The whole key: two entries may have the same place in the order.
          ...(cursor === null ? {} : { ExclusiveStartKey: entryIn(cursor, room) }),
          ScanIndexForward: order === 'oldest',
          Limit: limit,
        }),
      )
      const items = (answer.Items ?? []) as EventItem[]
      const { stream, event_key, order_key } = answer.LastEvaluatedKey ?? {}
      return {
        items: items.map((item) => ({ event: eventOf(item), quarantined: item.quarantined })),
        cursor: answer.LastEvaluatedKey === undefined ? null : encodeCursor([stream, event_key, order_key]),
      }
    },
  }
}

function firstPlace(status: 'open' | 'closed' | 'all'): Place {
  return { status: status === 'closed' ? 'closed' : 'open', shard: 0, after: '' }
}

function nextPlace({ status, shard }: Place, asked: 'open' | 'closed' | 'all'): Place | undefined {
  if (shard + 1 < listingShards) return { status, shard: shard + 1, after: '' }
  return status === 'open' && asked === 'all' ? firstPlace('closed') : undefined
}

function placeIn(cursor: string, asked: RoomStatusFilter): Place {
  const [status, shard, after] = partsOf(cursor)
  const fits = asked === 'all' ? status === 'open' || status === 'closed' : status === asked
  const known = Number.isInteger(shard) && Number(shard) >= 0 && Number(shard) < listingShards
  if (!fits || !known || typeof after !== 'string') throw new InvalidCursorError()
  return { status: status === 'closed' ? 'closed' : 'open', shard: Number(shard), after }
}

function entryIn(cursor: string, room: string) {
  const [stream, event_key, order_key] = partsOf(cursor)
  const texts = [stream, event_key, order_key].every((part) => typeof part === 'string' && part !== '')
  // An entry of another room is no place in this one.
  if (!texts || !(String(stream) === 'quarantine' || `${stream}/`.startsWith(`room/${room}/`)))
    throw new InvalidCursorError()
  return { stream, event_key, room, order_key }
}
