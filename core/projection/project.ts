import type { NorthboundEvent } from '../protocol/events.ts'
import type { AggregateId } from '../state/aggregate.ts'
import type { CloseMark, KnownCloses } from '../state/closes.ts'
import { orderKey } from '../state/order.ts'
import { isPresent } from '../state/participant.ts'
import type { AlertRules } from '../state/port-alerts.ts'
import { foldInto, type ProjectionUpdate } from './fold-into.ts'
import { missingCloses } from './missing-closes.ts'
import { diffPastSessions, type PastSession } from './past-sessions.ts'
import { emptyProjection, isOutdated, type Projection } from './projection.ts'
import { isRecent } from './recent-events.ts'

/** What a projection has to apply. */
export type ProjectionInput = {
  /** Events that the log did not have before. */
  readonly appended: readonly NorthboundEvent[]
  /** Logged events that the projection may not have applied: a crash may have come between logging and projecting. */
  readonly unconfirmedDuplicates: readonly NorthboundEvent[]
  /** The closes of a participant's room, as far as the caller knows them; none for other aggregates. */
  readonly closes: KnownCloses
  /** Set if the history has changed in a way that the projection does not show. */
  readonly forceRebuild?: boolean
}

/** Everything that is stored about one aggregate besides its projection. */
export type AggregateHistory = {
  /** Each `trace_id` once, in order. */
  readonly events: readonly NorthboundEvent[]
  /** All closes of a participant's room; empty for other aggregates. */
  readonly closes: readonly CloseMark[]
  /** The stored past sessions of a participant; empty for other aggregates. */
  readonly pastSessions: readonly PastSession[]
}

/**
 * Applies the input to a projection if the stored state can be continued (docs/decisions/0010).
 *
 * @returns 'needs_history' in all other cases: an outdated projection, a stale event, a duplicate that may not have been
 *   applied, or a close whose effect cannot be determined. The caller then reads the history and calls `rebuild`.
 */
export function project(
  projection: Projection,
  { appended, unconfirmedDuplicates, closes: known, forceRebuild = false }: ProjectionInput,
  rules: AlertRules,
): ProjectionUpdate | 'needs_history' {
  const isStale = appended.some((event) => orderKey(event) <= projection.watermark)
  const needsRebuild = forceRebuild || isOutdated(projection)
  if (needsRebuild || isStale || unconfirmedDuplicates.length > 0) return 'needs_history'
  const closes = missingCloses(projection, known, appended)
  if (closes === undefined || appended.length + closes.length === 0) return 'needs_history'
  const { state } = projection
  return foldInto(
    projection,
    { state, events: appended, closes, lastClose: known.closes.at(-1), seen: appended },
    rules,
  )
}

/** Folds a projection again from the whole history. */
export function rebuild(
  projection: Projection,
  { events, closes, pastSessions }: AggregateHistory,
  { appended, unconfirmedDuplicates }: ProjectionInput,
  rules: AlertRules,
): ProjectionUpdate {
  const lastClose = closes.at(-1)
  const seen = [...appended, ...unconfirmedDuplicates]
  if (hasExpiredStart(projection.state, events)) {
    // The log no longer contains the start of the current session. The stored state stays, and new events, stale or not,
    // are applied to it.
    const newCloses = closes.filter((close) => close.order > projection.watermark)
    const unseen = appended.filter((event) => !isRecent(projection.recentEvents, event))
    const rest = { state: projection.state, events: unseen, closes: newCloses, lastClose, seen }
    return foldInto({ ...projection, seenClose: null }, rest, rules)
  }
  const whole = { state: undefined, events, closes, lastClose, seen }
  const update = foldInto({ ...projection, watermark: '', seenClose: null }, whole, rules)
  if (projection.aggregate.kind !== 'participant') return update
  const correct = update.projection.pendingSessionWrites.flatMap(({ session }) => (session === null ? [] : [session]))
  const pendingSessionWrites = diffPastSessions(
    pastSessions,
    correct,
    events[0]?.received_at ?? Number.POSITIVE_INFINITY,
  )
  return { ...update, projection: { ...update.projection, pendingSessionWrites } }
}

/** Replays the history to determine the steps of events that were applied earlier. */
export function replay(
  aggregate: AggregateId,
  { events, closes }: Pick<AggregateHistory, 'events' | 'closes'>,
  seen: readonly NorthboundEvent[],
  rules: AlertRules,
): Pick<ProjectionUpdate, 'steps' | 'changedLeaves'> {
  const whole = { state: undefined, events, closes, lastClose: undefined, seen }
  return foldInto(emptyProjection(aggregate), whole, rules)
}

/** Whether the open room or the present participant began before the oldest event that the log still has. */
function hasExpiredStart(state: Projection['state'], events: readonly NorthboundEvent[]): boolean {
  const oldest = events[0]?.received_at ?? Number.POSITIVE_INFINITY
  if (state?.kind === 'room') return state.status === 'open' && (state.opened_at ?? oldest) < oldest
  if (state?.kind === 'participant') return isPresent(state) && (state.session?.joined_at ?? oldest) < oldest
  return false
}
