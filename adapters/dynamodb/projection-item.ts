import type { AlertOutbox } from '../../core/notifications/alert-outbox.ts'
import type { PastChange } from '../../core/projection/past-entries.ts'
import { lastChangeTime, type Projection } from '../../core/projection/projection.ts'
import type { AggregateId, StatefulAggregateId } from '../../core/state/aggregate.ts'
import type { SeenClose } from '../../core/state/closes.ts'
import type { State } from '../../core/state/fold.ts'
import { unknownFoldVersion } from '../../core/state/fold-version.ts'
import { isPresent } from '../../core/state/participant.ts'
import { type PackedCheckpointChange, packCheckpointChange, unpackCheckpointChange } from './checkpoint-item.ts'
import { expiryOf } from './expiry.ts'
import { type ItemKey, itemKey, keyPart } from './keys.ts'
import { type ListingAttributes, listingAttributes } from './listing-entry.ts'
import { type PackedState, packState, stateOf } from './packed-state.ts'
import { packPortAlerts, packRecentEvents, unpackPortAlerts, unpackRecentEvents } from './packing.ts'

/** Keys of the `visits` index, which lists sessions by user: the user, and when (ms) a session started. */
export type UserSessionKeys = { readonly visitor: string; readonly visited: number }

type StoredOutbox = Omit<AlertOutbox, 'alerts'> & { readonly alerts: Uint8Array }

/** A projection as an item of the state table (docs/data-model.md). Attribute names are short: they count as stored bytes. */
export type ProjectionItem = ItemKey &
  Partial<ListingAttributes> &
  Partial<UserSessionKeys> &
  PackedState & {
    readonly aggregate: StatefulAggregateId
    readonly version: number
    /** The version of the rules that the state was folded with; absent in older items. */
    readonly fold?: number
    /** Absent if no close has been folded in. */
    readonly seen_close?: SeenClose | null
    /** Absent if empty. */
    readonly pending_past?: readonly PastChange[]
    /** Absent if empty. */
    readonly pending_checkpoints?: readonly PackedCheckpointChange[]
    /** Media servers only. */
    readonly alert_outbox?: StoredOutbox
    readonly watermark: string
    /** Absent if it was never folded again. */
    readonly refolds?: number
    readonly recent: Uint8Array
    /** Seconds since 1970 (DynamoDB's time to live); open rooms and present participants do not expire. */
    readonly expires_at?: number
  }

/** The item that stores the projection as its next version. */
export function toProjectionItem(projection: Projection, retentionDays: number): ProjectionItem {
  const { state, version, foldVersion, seenClose, alertOutbox, pendingPastWrites } = projection
  const { pendingCheckpoints, watermark, refolds, recentEvents } = projection
  const aggregate = requireState(projection.aggregate)
  const lastChangeAt = lastChangeTime(projection)
  return {
    ...itemKey(aggregate),
    aggregate,
    ...packState(state),
    version: version + 1,
    fold: foldVersion,
    ...(seenClose === null ? {} : { seen_close: seenClose }),
    ...(alertOutbox === null ? {} : { alert_outbox: packOutbox(alertOutbox) }),
    ...(pendingPastWrites.length === 0 ? {} : { pending_past: pendingPastWrites }),
    ...(pendingCheckpoints.length === 0 ? {} : { pending_checkpoints: pendingCheckpoints.map(packCheckpointChange) }),
    ...userSessionKeys(aggregate, state),
    watermark,
    ...(refolds === 0 ? {} : { refolds }),
    recent: packRecentEvents(recentEvents),
    ...listingAttributes(aggregate, state),
    ...(isOpenOrPresent(state) ? {} : { expires_at: expiryOf(lastChangeAt, retentionDays) }),
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
    pendingPastWrites: item.pending_past ?? [],
    pendingCheckpoints: item.pending_checkpoints?.map(unpackCheckpointChange) ?? [],
    watermark: item.watermark,
    refolds: item.refolds ?? 0,
    recentEvents: unpackRecentEvents(item.recent),
  }
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

function userSessionKeys(aggregate: StatefulAggregateId, state: State | undefined): Partial<UserSessionKeys> {
  if (aggregate.kind !== 'participant' || state?.kind !== 'participant' || state.session === null) return {}
  return { visitor: keyPart(aggregate.user_id), visited: state.session.joined_at }
}

function isOpenOrPresent(state: State | undefined): boolean {
  return state?.kind === 'room' ? state.status === 'open' : state?.kind === 'participant' && isPresent(state)
}
