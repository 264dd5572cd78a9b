import { decideAlerts, emptyOutbox } from '../notifications/alert-outbox.ts'
import { findChangedLeaves } from '../notifications/room-event.ts'
import type { NorthboundEvent } from '../protocol/events.ts'
import type { AggregateId } from '../state/aggregate.ts'
import type { AlertRules } from '../state/box.ts'
import type { CloseMark, KnownCloses } from '../state/closes.ts'
import { foldSteps, type Step } from '../state/fold.ts'
import { orderKey, sortBy } from '../state/order.ts'
import { isPresent } from '../state/participant.ts'
import { missingCloses } from './missing-closes.ts'
import { collectPastSessions, diffPastSessions, type PastSession } from './past-sessions.ts'
import { emptyProjection, type Projection } from './projection.ts'
import { addRecentEvents, isRecent } from './recent-events.ts'

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

export type ProjectionUpdate = {
  readonly projection: Projection
  /** The steps of the events in the input. */
  readonly steps: readonly Step[]
  /** Leaves published earlier whose session these events changed. */
  readonly changedLeaves: readonly Step[]
}

/**
 * Applies the input to a projection if the stored state can be continued (docs/decisions/0010).
 *
 * @returns 'needs_history' in all other cases: a stale event, a duplicate that may not have been applied, or a close whose
 *   effect cannot be determined. The caller then reads the history and calls `rebuild`.
 */
export function project(
  projection: Projection,
  { appended, unconfirmedDuplicates, closes: known, forceRebuild = false }: ProjectionInput,
  rules: AlertRules,
): ProjectionUpdate | 'needs_history' {
  const isStale = appended.some((event) => orderKey(event) <= projection.watermark)
  if (forceRebuild || isStale || unconfirmedDuplicates.length > 0) return 'needs_history'
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

type Folding = {
  /** The state to start from. */
  readonly state: Projection['state']
  readonly events: readonly NorthboundEvent[]
  readonly closes: readonly CloseMark[]
  /** The last known close of the room. */
  readonly lastClose: CloseMark | undefined
  /** The events of the input. */
  readonly seen: readonly NorthboundEvent[]
}

function foldInto(
  projection: Projection,
  { state, events, closes, lastClose, seen }: Folding,
  rules: AlertRules,
): ProjectionUpdate {
  const all = foldSteps(state, events, closes, rules)
  const last = all.at(-1)
  const keys = [projection.watermark, ...events.map(orderKey), ...closes.map((close) => close.order)]
  const steps = stepsOf(all, seen)
  const next: Projection = {
    ...projection,
    state: last === undefined ? state : last.after,
    seenClose: lastClose === undefined ? projection.seenClose : { order: lastClose.order, chain: lastClose.chain },
    // The writes that were pending before have been made.
    pendingSessionWrites: collectPastSessions(all).map((session) => ({ joined_at: session.joined_at, session })),
    alertOutbox:
      projection.aggregate.kind === 'box' ? decideAlerts(projection.alertOutbox ?? emptyOutbox, steps, rules) : null,
    watermark: sortBy(keys, (key) => key).at(-1) ?? '',
    recentEvents: addRecentEvents(projection.recentEvents, sortBy(seen, orderKey)),
  }
  const changedLeaves =
    projection.aggregate.kind === 'participant'
      ? findEarlierChangedLeaves(all, steps, { state, events, closes, seen }, rules)
      : []
  return { projection: next, steps, changedLeaves }
}

/** Finds the leaves among earlier events whose session differs from what it was without the new events. */
function findEarlierChangedLeaves(
  all: readonly Step[],
  steps: readonly Step[],
  { state, events, closes, seen }: Omit<Folding, 'lastClose'>,
  rules: AlertRules,
): Step[] {
  const counted = new Set(steps.filter((step) => isCounted(step, seen)).map(({ event }) => event))
  const earlier = events.filter((event) => !counted.has(event))
  if (earlier.length === 0) return []
  return findChangedLeaves(all, foldSteps(state, earlier, closes, rules)).filter((step) => !steps.includes(step))
}

function stepsOf(all: readonly Step[], seen: readonly NorthboundEvent[]): Step[] {
  const traceIds = new Set(seen.map(({ trace_id }) => trace_id))
  return all.filter(({ event }) => event !== undefined && traceIds.has(event.trace_id))
}

/** Whether the input contains the event of this step. Of several duplicates, the one received first counts. */
function isCounted({ event }: Step, seen: readonly NorthboundEvent[]): boolean {
  return seen.some(({ trace_id, received_at }) => trace_id === event?.trace_id && received_at === event.received_at)
}
