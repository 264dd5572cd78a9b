import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { type DynamoDBDocumentClient, PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb'
import type { Announcements } from '../../core/alerting/announcements.ts'
import type { KnownCloses, SeenClose } from '../../core/state/closes.ts'
import type { State } from '../../core/state/fold.ts'
import { isPresent } from '../../core/state/participant.ts'
import type { RoomState } from '../../core/state/room.ts'
import type { PastSession, SessionChange } from '../../core/state/sessions.ts'
import type { ParticipantSubject, Subject } from '../../core/state/subject.ts'
import { emptyView, type StateStore, type View } from '../../lambdas/apply-events/stores.ts'
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
import { packMedia, packRemembered, unpackMedia, unpackRemembered } from './packing.ts'

type StatefulSubject = Exclude<Subject, { kind: 'other' }>

/** What the listing index shows of an item, so that a list of rooms reads nothing else. Times in ms. */
export type Listed =
  | ({ readonly room_id: string } & Omit<RoomState, 'kind' | keyof KnownCloses>)
  | { readonly room_id: string; readonly user_id: string; readonly joined_at: number }

/** A view as an item; `docs/data-model.md` has the table. */
export type StateItem = {
  readonly group: string
  readonly item: string
  readonly subject: StatefulSubject
  readonly state: State | null
  /** What a person sends and receives: in `state` it would be empty, and is, wherever this is there. */
  readonly media?: Uint8Array
  readonly version: number
  readonly seen_close: SeenClose | null
  /** Only of a person who came again a moment ago. */
  readonly unfiled?: readonly SessionChange[]
  /** Keys of the index `visits`: of a person who was there, with the time (ms) at which the last stay began. */
  readonly visitor?: string
  readonly visited?: number
  /** Only of a box. */
  readonly announcements?: Announcements
  readonly watermark: string
  readonly remembered: Uint8Array
  readonly list?: string
  readonly list_order?: string
  readonly listed?: Listed
  /** Seconds, for DynamoDB's time to live; what is open or present does not expire. */
  readonly expires_at?: number
}

/** A past session as an item, of a person whose view has the last one. */
export type SessionItem = {
  readonly group: string
  readonly item: string
  readonly subject: ParticipantSubject
  /** Absent where there turned out to be none. */
  readonly session?: PastSession
  /** Of the view that it comes from. */
  readonly version: number
  readonly visitor?: string
  readonly visited?: number
  readonly expires_at: number
}

export type StateStoreOptions = {
  readonly client: DynamoDBDocumentClient
  readonly tableName: string
  readonly retentionDays: number
}

/** Reads views, strongly consistent: in the order asked for, and the empty view for what was never written. */
export function viewReader(client: DynamoDBDocumentClient, tableName: string): StateStore['read'] {
  return async (subjects) => {
    const keys = subjects.map((subject) => itemKey(stateful(subject)))
    const found = await readItems<StateItem>(client, tableName, keys, { consistent: true })
    return subjects.map((subject) => {
      const item = found.get(keyText(itemKey(stateful(subject))))
      return item === undefined ? emptyView(subject) : viewOf(item)
    })
  }
}

export function dynamodbStateStore({ client, tableName, retentionDays }: StateStoreOptions): StateStore {
  return {
    read: viewReader(client, tableName),

    async write(view) {
      try {
        await client.send(
          new PutCommand({
            TableName: tableName,
            Item: itemOf(view, retentionDays),
            // A view never stored has version 0: then there must be no item.
            ConditionExpression: view.version === 0 ? 'attribute_not_exists(version)' : 'version = :version',
            ...(view.version === 0 ? {} : { ExpressionAttributeValues: { ':version': view.version } }),
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
      const views: View[] = []
      for await (const page of pages) for (const item of page.Items ?? []) views.push(viewOf(item as StateItem))
      return views
    },

    async fileSession(subject, change, version) {
      try {
        await client.send(
          new PutCommand({
            TableName: tableName,
            Item: sessionItem(subject, change, version, retentionDays),
            ConditionExpression: 'attribute_not_exists(version) OR version < :version',
            ExpressionAttributeValues: { ':version': version },
          }),
        )
      } catch (error) {
        // It is written already, or by a later view.
        if (!(error instanceof ConditionalCheckFailedException)) throw error
      }
    },

    async readPastSessions(subject) {
      const { group, prefix } = sessionKeys(subject)
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
  subject: ParticipantSubject,
  { joined_at, session }: SessionChange,
  version: number,
  retentionDays: number,
): SessionItem {
  const { group, prefix } = sessionKeys(subject)
  return {
    group,
    item: `${prefix}${joined_at}`,
    subject,
    version,
    ...(session === null ? {} : { session, visitor: keyPart(subject.user_id), visited: joined_at }),
    expires_at: expiry(session?.end.at ?? joined_at, retentionDays),
  }
}

function stateful(subject: Subject): StatefulSubject {
  if (subject.kind === 'other') throw new Error('events of unknown kind have no state')
  return subject
}

/** The state in an item. */
export function stateOf({ state, media }: Pick<StateItem, 'state' | 'media'>): State | undefined {
  if (state?.kind !== 'participant' || media === undefined) return state ?? undefined
  return { ...state, ...unpackMedia(media) }
}

function stored(state: State | undefined): Pick<StateItem, 'state' | 'media'> {
  if (state?.kind !== 'participant') return { state: state ?? null }
  if (state.streams.length + state.subscriptions.length === 0) return { state }
  return { state: { ...state, streams: [], subscriptions: [] }, media: packMedia(state) }
}

export function viewOf(item: StateItem): View {
  const { subject, version, seen_close, announcements = null, unfiled = [], watermark, remembered } = item
  return {
    subject,
    state: stateOf(item),
    version,
    seen_close,
    announcements,
    unfiled,
    watermark,
    remembered: unpackRemembered(remembered),
  }
}

export function itemOf(view: View, retentionDays: number): StateItem {
  const { state, version, seen_close, announcements, unfiled, watermark, remembered } = view
  const subject = stateful(view.subject)
  const listing = listingOf(subject, state, watermark)
  const alive = listing?.list === listingPartition('open', shardOf(listing?.listed?.room_id ?? ''))
  return {
    ...itemKey(subject),
    subject,
    ...stored(state),
    version: version + 1,
    seen_close,
    ...(announcements === null ? {} : { announcements }),
    ...(unfiled.length === 0 ? {} : { unfiled }),
    ...visitOf(subject, state),
    watermark,
    remembered: packRemembered(remembered),
    ...listing,
    ...(alive ? {} : { expires_at: expiry(lastEventTime(watermark), retentionDays) }),
  }
}

/** ms of the latest event behind a view: its watermark begins with it. */
export function lastEventTime(watermark: string): number {
  return Number.parseInt(watermark, 10) || 0
}

function visitOf(subject: StatefulSubject, state: State | undefined): Pick<StateItem, 'visitor' | 'visited'> {
  if (subject.kind !== 'participant' || state?.kind !== 'participant' || state.session === null) return {}
  return { visitor: keyPart(subject.user_id), visited: state.session.joined_at }
}

type Listing = Pick<StateItem, 'list' | 'list_order' | 'listed'>

/**
 * Rooms are listed by status; of the people, only those present, next to their room; recordings by their beginning, boxes
 * by their name. What a list shows of the last two is read from the items: in the index, each change would cost again.
 */
function listingOf(subject: StatefulSubject, state: State | undefined, watermark: string): Listing | undefined {
  if (subject.kind === 'room' && state?.kind === 'room') {
    const { room_id } = subject
    const { kind: _kind, closes: _, closes_cut: __, ...facts } = state
    return {
      list: listingPartition(state.status, shardOf(room_id)),
      list_order: listingOrder(room_id),
      listed: { room_id, ...facts },
    }
  }
  if (subject.kind === 'participant' && state?.kind === 'participant' && state.session !== null && isPresent(state)) {
    const { room_id, user_id } = subject
    return {
      list: listingPartition('open', shardOf(room_id)),
      list_order: listingOrder(room_id, user_id),
      listed: { room_id, user_id, joined_at: state.session.joined_at },
    }
  }
  if (subject.kind === 'recording' && state?.kind === 'recording') {
    const { group, item } = itemKey(subject)
    const begun = state.started_seen_at ?? state.stopped_seen_at ?? state.ready_at ?? lastEventTime(watermark)
    return { list: recordingsPartition, list_order: `${String(begun).padStart(15, '0')}#${group}#${item}` }
  }
  if (subject.kind === 'box' && state?.kind === 'box')
    return { list: boxesPartition, list_order: keyPart(subject.box_code) }
  return undefined
}
