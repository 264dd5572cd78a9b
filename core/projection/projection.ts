import type { AlertOutbox } from '../notifications/alert-outbox.ts'
import type { AggregateId } from '../state/aggregate.ts'
import type { SeenClose } from '../state/closes.ts'
import type { State } from '../state/fold.ts'
import { foldVersion } from '../state/fold-version.ts'
import { timeOfOrder } from '../state/order.ts'
import type { CheckpointChange } from './checkpoints.ts'
import type { PastChange } from './past-entries.ts'

/** The stored state of one aggregate, and what is needed to apply the next event to it. */
export type Projection = {
  readonly aggregate: AggregateId
  readonly state: State | undefined
  /** Counts the writes, for optimistic locking; 0 if it was never stored. */
  readonly version: number
  /** The version of the rules that the state was folded with; `unknownFoldVersion` if it must be folded again. */
  readonly foldVersion: number
  /** The last close of a participant's room that has been folded in. */
  readonly seenClose: SeenClose | null
  /** The alerts decided about a media server, whether sent or pending; null for other aggregates. */
  readonly alertOutbox: AlertOutbox | null
  /** Changes of past sessions or recordings that may not have been written yet (docs/decisions/0013 and 0021). */
  readonly pendingPastWrites: readonly PastChange[]
  /** Changes of the checkpoints that may not have been written yet. */
  readonly pendingCheckpoints: readonly CheckpointChange[]
  /** Order key of the latest event or close that has been folded in. */
  readonly watermark: string
  /** Counts how often it was folded again from the log. */
  readonly refolds: number
  /** Fingerprints and times of the events received last, see `recent-events.ts`. */
  readonly recentEvents: readonly string[]
}

/** The projection of an aggregate that was never stored. */
export function emptyProjection(aggregate: AggregateId): Projection {
  return {
    aggregate,
    state: undefined,
    version: 0,
    foldVersion,
    seenClose: null,
    alertOutbox: null,
    pendingPastWrites: [],
    pendingCheckpoints: [],
    watermark: '',
    refolds: 0,
    recentEvents: [],
  }
}

/**
 * Whether the state must be folded again: it was folded with other rules, or is marked because it may lack events or because
 * not all writes of a rebuild could be made at once.
 */
export function isOutdated(projection: Pick<Projection, 'foldVersion'>): boolean {
  return projection.foldVersion !== foldVersion
}

/**
 * ms of the latest event in a projection, with which its watermark starts, or of what people's presence implies for a room; 0
 * if there was none.
 */
export function lastChangeTime({ state, watermark }: Pick<Projection, 'state' | 'watermark'>): number {
  const lastEventAt = timeOfOrder(watermark)
  return state?.kind === 'room' ? Math.max(lastEventAt, state.opened_at ?? 0, state.closed_at ?? 0) : lastEventAt
}
