import type { AlertOutbox } from '../../core/notifications/alert-outbox.ts'
import type { PastSessionChange } from '../../core/projection/past-sessions.ts'
import type { Projection } from '../../core/projection/projection.ts'
import type { AggregateId, StatefulAggregateId } from '../../core/state/aggregate.ts'
import type { BoxState } from '../../core/state/box.ts'
import type { SeenClose } from '../../core/state/closes.ts'
import type { State } from '../../core/state/fold.ts'
import { unknownFoldVersion } from '../../core/state/fold-version.ts'
import { type Media, noMedia } from '../../core/state/media.ts'
import { isPresent, type ParticipantState } from '../../core/state/participant.ts'
import { expiryOf } from './expiry.ts'
import { type ItemKey, itemKey, keyPart } from './keys.ts'
import { type ListingAttributes, listingAttributes } from './listing-entry.ts'
import {
  packMedia,
  packPortAlerts,
  packRecentEvents,
  unpackMedia,
  unpackPortAlerts,
  unpackRecentEvents,
} from './packing.ts'

/** Keys of the `visits` index, which lists sessions by user: the user, and when (ms) a session started. */
export type UserSessionKeys = { readonly visitor: string; readonly visited: number }

/** Participants' media and the alerts about port sets are packed, so the state itself has none. */
type StoredState =
  | Exclude<State, ParticipantState | BoxState>
  | (Omit<ParticipantState, keyof Media> & Partial<Media>)
  | Omit<BoxState, 'alerts'>
type StoredOutbox = Omit<AlertOutbox, 'alerts'> & { readonly alerts: Uint8Array }

/** A projection as an item of the state table (docs/data-model.md). Attribute names are short: they count as stored bytes. */
export type ProjectionItem = ItemKey &
  Partial<ListingAttributes> &
  Partial<UserSessionKeys> & {
    readonly aggregate: StatefulAggregateId
    /** Without a participant's media, except in older items, and without the alerts about port sets. */
    readonly state: StoredState | null
    /** The participant's streams and subscriptions, packed; absent if there are none. */
    readonly media?: Uint8Array
    /** The alerts in the state of a media server, packed; absent for other aggregates. */
    readonly port_alerts?: Uint8Array
    readonly version: number
    /** The version of the rules that the state was folded with; absent in older items. */
    readonly fold?: number
    /** Absent if no close has been folded in. */
    readonly seen_close?: SeenClose | null
    /** Absent if empty. */
    readonly pending_sessions?: readonly PastSessionChange[]
    /** Media servers only. */
    readonly alert_outbox?: StoredOutbox
    readonly watermark: string
    readonly recent: Uint8Array
    /** Seconds since 1970 (DynamoDB's time to live); open rooms and present participants do not expire. */
    readonly expires_at?: number
  }

/** The item that stores the projection as its next version. */
export function toProjectionItem(projection: Projection, retentionDays: number): ProjectionItem {
  const { state, version, foldVersion, seenClose, alertOutbox, pendingSessionWrites } = projection
  const { watermark, recentEvents } = projection
  const aggregate = requireState(projection.aggregate)
  const lastEventAt = lastEventTime(watermark)
  return {
    ...itemKey(aggregate),
    aggregate,
    ...packState(state),
    version: version + 1,
    fold: foldVersion,
    ...(seenClose === null ? {} : { seen_close: seenClose }),
    ...(alertOutbox === null ? {} : { alert_outbox: packOutbox(alertOutbox) }),
    ...(pendingSessionWrites.length === 0 ? {} : { pending_sessions: pendingSessionWrites }),
    ...userSessionKeys(aggregate, state),
    watermark,
    recent: packRecentEvents(recentEvents),
    ...listingAttributes(aggregate, state, lastEventAt),
    ...(isOpenOrPresent(state) ? {} : { expires_at: expiryOf(lastEventAt, retentionDays) }),
  }
}

export function fromProjectionItem(item: ProjectionItem): Projection {
  return {
    aggregate: item.aggregate,
    state: stateOf(item),
    version: item.version,
    foldVersion: item.fold ?? unknownFoldVersion,
    seenClose: item.seen_close ?? null,
    alertOutbox: unpackOutbox(item),
    pendingSessionWrites: item.pending_sessions ?? [],
    watermark: item.watermark,
    recentEvents: unpackRecentEvents(item.recent),
  }
}

export function stateOf({
  state,
  media,
  port_alerts,
}: Pick<ProjectionItem, 'state' | 'media' | 'port_alerts'>): State | undefined {
  if (state?.kind === 'participant') return { ...noMedia, ...state, ...(media === undefined ? {} : unpackMedia(media)) }
  if (state?.kind === 'box') return { ...state, alerts: port_alerts === undefined ? [] : unpackPortAlerts(port_alerts) }
  return state ?? undefined
}

function packState(state: State | undefined): Pick<ProjectionItem, 'state' | 'media' | 'port_alerts'> {
  if (state?.kind === 'box') {
    const { alerts, ...rest } = state
    return { state: rest, port_alerts: packPortAlerts(alerts) }
  }
  if (state?.kind !== 'participant') return { state: state ?? null }
  const { streams, subscriptions, ...rest } = state
  return streams.length + subscriptions.length === 0 ? { state: rest } : { state: rest, media: packMedia(state) }
}

function packOutbox({ pending, alerts }: AlertOutbox): StoredOutbox {
  return { pending, alerts: packPortAlerts(alerts) }
}

function unpackOutbox({ alert_outbox }: ProjectionItem): AlertOutbox | null {
  if (alert_outbox === undefined) return null
  const { pending, alerts } = alert_outbox
  // Older items hold a list with other contents.
  return { pending, alerts: alerts instanceof Uint8Array ? unpackPortAlerts(alerts) : [] }
}

/** @throws if the aggregate can have no state. */
export function requireState(aggregate: AggregateId): StatefulAggregateId {
  if (aggregate.kind === 'other') throw new Error('events of unknown kinds have no state')
  return aggregate
}

/** ms of the latest event in a projection, with which its watermark starts; 0 if there was none. */
export function lastEventTime(watermark: string): number {
  return Number.parseInt(watermark, 10) || 0
}

function userSessionKeys(aggregate: StatefulAggregateId, state: State | undefined): Partial<UserSessionKeys> {
  if (aggregate.kind !== 'participant' || state?.kind !== 'participant' || state.session === null) return {}
  return { visitor: keyPart(aggregate.user_id), visited: state.session.joined_at }
}

function isOpenOrPresent(state: State | undefined): boolean {
  return state?.kind === 'room' ? state.status === 'open' : state?.kind === 'participant' && isPresent(state)
}
