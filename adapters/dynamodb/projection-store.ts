import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { type DynamoDBDocumentClient, PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb'
import type { AlertOutbox } from '../../core/notifications/alert-outbox.ts'
import type { ProjectionStore } from '../../core/ports/projection-store.ts'
import type { PastSession, PastSessionChange } from '../../core/projection/past-sessions.ts'
import { emptyProjection, type Projection } from '../../core/projection/projection.ts'
import type { AggregateId, ParticipantId } from '../../core/state/aggregate.ts'
import type { KnownCloses, SeenClose } from '../../core/state/closes.ts'
import type { State } from '../../core/state/fold.ts'
import { isPresent } from '../../core/state/participant.ts'
import type { RoomState } from '../../core/state/room.ts'
import { keyText, readItems } from './batch-get.ts'
import { expiry } from './event-log.ts'
import {
  boxesPartition,
  itemKey,
  keyPart,
  listingOrder,
  listingPartition,
  recordingsPartition,
  sessionKeys,
  shardOf,
} from './keys.ts'
import { packMedia, packRecentEvents, unpackMedia, unpackRecentEvents } from './packing.ts'

type StatefulAggregate = Exclude<AggregateId, { kind: 'other' }>

/** What the listing index shows of an item, so that a list of rooms reads nothing else. Times in ms. */
export type Listed =
  | ({ readonly room_id: string } & Omit<RoomState, 'kind' | keyof KnownCloses>)
  | { readonly room_id: string; readonly user_id: string; readonly joined_at: number }

/** A projection as an item; `docs/data-model.md` has the table. */
export type ProjectionItem = {
  readonly group: string
  readonly item: string
  readonly aggregate: StatefulAggregate
  readonly state: State | null
  /** What a person sends and receives: in `state` it would be empty, and is, wherever this is there. */
  readonly media?: Uint8Array
  readonly version: number
  readonly seen_close: SeenClose | null
  /** Only of a person who came again a moment ago. */
  readonly pending?: readonly PastSessionChange[]
  /** Keys of the index `visits`: of a person who was there, with the time (ms) at which the last stay began. */
  readonly visitor?: string
  readonly visited?: number
  /** Only of a box. */
  readonly alert_outbox?: AlertOutbox
  readonly watermark: string
  readonly recent: Uint8Array
  readonly list?: string
  readonly list_order?: string
  readonly listed?: Listed
  /** Seconds, for DynamoDB's time to live; what is open or present does not expire. */
  readonly expires_at?: number
}

/** A past session as an item, of a person whose projection has the last one. */
export type SessionItem = {
  readonly group: string
  readonly item: string
  readonly aggregate: ParticipantId
  /** Absent where there turned out to be none. */
  readonly session?: PastSession
  /** Of the projection that it comes from. */
  readonly version: number
  readonly visitor?: string
  readonly visited?: number
  readonly expires_at: number
}

export type ProjectionStoreOptions = {
  readonly client: DynamoDBDocumentClient
  readonly tableName: string
  readonly retentionDays: number
}

/** Reads projections, strongly consistent: in the order asked for, and the empty projection for what was never written. */
export function projectionReader(client: DynamoDBDocumentClient, tableName: string): ProjectionStore['read'] {
  return async (aggregates) => {
    const keys = aggregates.map((aggregate) => itemKey(stateful(aggregate)))
    const found = await readItems<ProjectionItem>(client, tableName, keys, { consistent: true })
    return aggregates.map((aggregate) => {
      const item = found.get(keyText(itemKey(stateful(aggregate))))
      return item === undefined ? emptyProjection(aggregate) : projectionOf(item)
    })
  }
}

export function dynamodbProjectionStore({ client, tableName, retentionDays }: ProjectionStoreOptions): ProjectionStore {
  return {
    read: projectionReader(client, tableName),

    async write(projection) {
      try {
        await client.send(
          new PutCommand({
            TableName: tableName,
            Item: itemOf(projection, retentionDays),
            // A projection never stored has version 0: then there must be no item.
            ConditionExpression: projection.version === 0 ? 'attribute_not_exists(version)' : 'version = :version',
            ...(projection.version === 0 ? {} : { ExpressionAttributeValues: { ':version': projection.version } }),
          }),
        )
        return 'written'
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return 'conflict'
        throw error
      }
    },

    async readParticipants(roomId) {
      const pages = paginateQuery(
        { client },
        {
          TableName: tableName,
          KeyConditionExpression: '#group = :group AND begins_with(#item, :user)',
          ExpressionAttributeNames: { '#group': 'group', '#item': 'item' },
          ExpressionAttributeValues: { ':group': itemKey({ kind: 'room', room_id: roomId }).group, ':user': 'user/' },
          ConsistentRead: true,
        },
      )
      const projections: Projection[] = []
      for await (const page of pages)
        for (const item of page.Items ?? []) projections.push(projectionOf(item as ProjectionItem))
      return projections
    },

    async upsertPastSession(aggregate, change, version) {
      try {
        await client.send(
          new PutCommand({
            TableName: tableName,
            Item: sessionItem(aggregate, change, version, retentionDays),
            ConditionExpression: 'attribute_not_exists(version) OR version < :version',
            ExpressionAttributeValues: { ':version': version },
          }),
        )
      } catch (error) {
        // It is written already, or by a later projection.
        if (!(error instanceof ConditionalCheckFailedException)) throw error
      }
    },

    async readPastSessions(aggregate) {
      const { group, prefix } = sessionKeys(aggregate)
      const pages = paginateQuery(
        { client },
        {
          TableName: tableName,
          KeyConditionExpression: '#group = :group AND begins_with(#item, :prefix)',
          ExpressionAttributeNames: { '#group': 'group', '#item': 'item' },
          ExpressionAttributeValues: { ':group': group, ':prefix': prefix },
          ConsistentRead: true,
        },
      )
      const sessions: PastSession[] = []
      for await (const page of pages)
        for (const { session } of (page.Items ?? []) as SessionItem[]) if (session !== undefined) sessions.push(session)
      return sessions
    },
  }
}

function sessionItem(
  aggregate: ParticipantId,
  { joined_at, session }: PastSessionChange,
  version: number,
  retentionDays: number,
): SessionItem {
  const { group, prefix } = sessionKeys(aggregate)
  return {
    group,
    item: `${prefix}${joined_at}`,
    aggregate,
    version,
    ...(session === null ? {} : { session, visitor: keyPart(aggregate.user_id), visited: joined_at }),
    expires_at: expiry(session?.end.at ?? joined_at, retentionDays),
  }
}

function stateful(aggregate: AggregateId): StatefulAggregate {
  if (aggregate.kind === 'other') throw new Error('events of unknown kind have no state')
  return aggregate
}

/** The state in an item. */
export function stateOf({ state, media }: Pick<ProjectionItem, 'state' | 'media'>): State | undefined {
  if (state?.kind !== 'participant' || media === undefined) return state ?? undefined
  return { ...state, ...unpackMedia(media) }
}

function stored(state: State | undefined): Pick<ProjectionItem, 'state' | 'media'> {
  if (state?.kind !== 'participant') return { state: state ?? null }
  if (state.streams.length + state.subscriptions.length === 0) return { state }
  return { state: { ...state, streams: [], subscriptions: [] }, media: packMedia(state) }
}

export function projectionOf(item: ProjectionItem): Projection {
  return {
    aggregate: item.aggregate,
    state: stateOf(item),
    version: item.version,
    seenClose: item.seen_close,
    alertOutbox: item.alert_outbox ?? null,
    pendingSessionWrites: item.pending ?? [],
    watermark: item.watermark,
    recentEvents: unpackRecentEvents(item.recent),
  }
}

export function itemOf(projection: Projection, retentionDays: number): ProjectionItem {
  const { state, version, seenClose, alertOutbox, pendingSessionWrites, watermark, recentEvents } = projection
  const aggregate = stateful(projection.aggregate)
  const listing = listingOf(aggregate, state, watermark)
  const alive = listing?.list === listingPartition('open', shardOf(listing?.listed?.room_id ?? ''))
  return {
    ...itemKey(aggregate),
    aggregate,
    ...stored(state),
    version: version + 1,
    seen_close: seenClose,
    ...(alertOutbox === null ? {} : { alert_outbox: alertOutbox }),
    ...(pendingSessionWrites.length === 0 ? {} : { pending: pendingSessionWrites }),
    ...visitOf(aggregate, state),
    watermark,
    recent: packRecentEvents(recentEvents),
    ...listing,
    ...(alive ? {} : { expires_at: expiry(lastEventTime(watermark), retentionDays) }),
  }
}

/** ms of the latest event behind a projection: its watermark begins with it. */
export function lastEventTime(watermark: string): number {
  return Number.parseInt(watermark, 10) || 0
}

function visitOf(aggregate: StatefulAggregate, state: State | undefined): Pick<ProjectionItem, 'visitor' | 'visited'> {
  if (aggregate.kind !== 'participant' || state?.kind !== 'participant' || state.session === null) return {}
  return { visitor: keyPart(aggregate.user_id), visited: state.session.joined_at }
}

type Listing = Pick<ProjectionItem, 'list' | 'list_order' | 'listed'>

/**
 * Rooms are listed by status; of the people, only those present, next to their room; recordings by their beginning, boxes
 * by their name. What a list shows of the last two is read from the items: in the index, each change would cost again.
 */
function listingOf(aggregate: StatefulAggregate, state: State | undefined, watermark: string): Listing | undefined {
  if (aggregate.kind === 'room' && state?.kind === 'room') {
    const { room_id } = aggregate
    const { kind: _kind, closes: _, closes_cut: __, ...data } = state
    return {
      list: listingPartition(state.status, shardOf(room_id)),
      list_order: listingOrder(room_id),
      listed: { room_id, ...data },
    }
  }
  if (aggregate.kind === 'participant' && state?.kind === 'participant' && state.session !== null && isPresent(state)) {
    const { room_id, user_id } = aggregate
    return {
      list: listingPartition('open', shardOf(room_id)),
      list_order: listingOrder(room_id, user_id),
      listed: { room_id, user_id, joined_at: state.session.joined_at },
    }
  }
  if (aggregate.kind === 'recording' && state?.kind === 'recording') {
    const { group, item } = itemKey(aggregate)
    const begun = state.started_seen_at ?? state.stopped_seen_at ?? state.ready_at ?? lastEventTime(watermark)
    return { list: recordingsPartition, list_order: `${String(begun).padStart(15, '0')}#${group}#${item}` }
  }
  if (aggregate.kind === 'box' && state?.kind === 'box')
    return { list: boxesPartition, list_order: keyPart(aggregate.box_code) }
  return undefined
}
