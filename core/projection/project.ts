import type { NorthboundEvent } from '../protocol/events.ts'
import type { AggregateId } from '../state/aggregate.ts'
import { type CloseMark, type KnownCloses, noCloses } from '../state/closes.ts'
import type { FoldRules } from '../state/fold.ts'
import { orderKey } from '../state/order.ts'
import { type Base, type Checkpoint, diffCheckpoints, type RetentionRules } from './checkpoints.ts'
import { foldInto, type ProjectionUpdate } from './fold-into.ts'
import { missingCloses } from './missing-closes.ts'
import { diffPastEntries, mergeChanges, type PastEntry, pastEntriesOf, pastEntriesSince } from './past-entries.ts'
import { emptyProjection, isOutdated, type Projection } from './projection.ts'
import { isContinued, recentlySeenAt, removeRecentEvents } from './recent-events.ts'

/** What a projection has to apply. */
export type ProjectionInput = {
  /** Events that the projection has not applied. */
  readonly appended: readonly NorthboundEvent[]
  /** Logged events that the projection may not have applied: a crash may have come between logging and projecting. */
  readonly unconfirmedDuplicates: readonly NorthboundEvent[]
  /**
   * Events that have replaced another one of the same `trace_id` in the log. They are not listed among the recent events: a
   * crash may come before every aggregate that the replaced event affected is folded again, so a redelivery must find them.
   */
  readonly replacements?: readonly NorthboundEvent[]
  /** The closes of a participant's room, as far as the caller knows them; none for other aggregates. */
  readonly closes: KnownCloses
  /** Order keys of closes whose effect on published sessions is to be found, see `ProjectionUpdate.changedEnds`. */
  readonly seenCloses?: ReadonlySet<string> | undefined
  /** Order key of a room event that has replaced another one: every later end may have been published differently. */
  readonly replacedFrom?: string | undefined
  /** Set if the history has changed in a way that the projection does not show. */
  readonly forceRebuild?: boolean
}

/** What is stored about one aggregate from a base on, besides its projection. */
export type AggregateHistory = {
  readonly base: Base
  /** Each `trace_id` once, in any order. */
  readonly events: readonly NorthboundEvent[]
  /** The closes of a participant's room, in order; empty for other aggregates. */
  readonly closes: readonly CloseMark[]
  /** The stored past sessions of a participant or past recordings of an exporter; empty for other aggregates. */
  readonly pastEntries: readonly PastEntry[]
  /** The stored checkpoints, in order. */
  readonly checkpoints: readonly Checkpoint[]
}

/** What a replay looks for. `seen`: events. The others as in `ProjectionInput`. */
export type SeenBefore = { readonly seen: readonly NorthboundEvent[] } & Pick<
  ProjectionInput,
  'seenCloses' | 'replacedFrom'
>

const noOrders: ReadonlySet<string> = new Set()

export type ProjectionRules = FoldRules & RetentionRules

/**
 * Applies the input to a projection if the stored state can be continued (docs/decisions/0010).
 *
 * @returns 'needs_history' in all other cases: an outdated projection, a stale event, a duplicate that may have been
 *   applied, or a close whose effect cannot be determined. The caller then reads the history and calls `rebuild`.
 */
export function project(
  projection: Projection,
  input: ProjectionInput,
  rules: ProjectionRules,
): ProjectionUpdate | 'needs_history' {
  const { appended, unconfirmedDuplicates, replacements = [], closes: known, forceRebuild = false } = input
  const isStale = appended.some((event) => orderKey(event) <= projection.watermark)
  const hasDuplicates = unconfirmedDuplicates.length + replacements.length > 0
  if (forceRebuild || isOutdated(projection) || isStale || hasDuplicates) return 'needs_history'
  const closes = missingCloses(projection, known, appended)
  if (closes === undefined || appended.length + closes.length === 0) return 'needs_history'
  const { state } = projection
  const lastClose = known.closes.at(-1)
  const folding = {
    state,
    events: appended,
    closes,
    lastClose,
    seen: appended,
    recent: appended,
    seenCloses: noOrders,
    replacedFrom: undefined,
  }
  const update = foldInto(projection, folding, rules)
  if (update.needsHistory) return 'needs_history'
  // The people whom the state includes may have come or gone after these events.
  const isUnsettled = state?.kind === 'room' && (state.is_unsettled || state.if_empty !== undefined)
  return isUnsettled ? markRoom(update) : update
}

/**
 * Whether other writers may have applied one of the events since the projection was as before. They have not if they folded in only
 * their own events, and these are not among them.
 */
export function mayHaveApplied(
  before: Projection,
  { refolds, recentEvents }: Projection,
  events: readonly NorthboundEvent[],
): boolean {
  if (refolds !== before.refolds || !isContinued(before.recentEvents, recentEvents)) return true
  return events.some((event) => recentlySeenAt(recentEvents, event) !== undefined)
}

/** Marks a room to be folded again with its participants. */
export function markRoom(update: ProjectionUpdate): ProjectionUpdate {
  const { projection } = update
  if (projection.state?.kind !== 'room') return update
  return { ...update, projection: { ...projection, state: { ...projection.state, is_unsettled: true } } }
}

/** The order key from which on a rebuild concerns the history; undefined if all of it may be concerned. */
export function findRebuildStart(projection: Projection, input: ProjectionInput): string | undefined {
  if (input.forceRebuild || isOutdated(projection)) return undefined
  return eventsOf(input).map(orderKey).sort()[0]
}

/** Folds a projection again from a base. */
export function rebuild(
  projection: Projection,
  { base, events, closes, pastEntries, checkpoints }: AggregateHistory,
  input: ProjectionInput,
  rules: ProjectionRules,
): ProjectionUpdate {
  const { replacements = [] } = input
  const { state, watermark } = startOf(base, projection)
  const folding = {
    state,
    events,
    closes,
    lastClose: closes.at(-1),
    seen: eventsOf(input),
    recent: [...input.appended, ...input.unconfirmedDuplicates],
    seenCloses: input.seenCloses ?? noOrders,
    replacedFrom: input.replacedFrom ?? replacements.map(orderKey).sort()[0],
  }
  const recentEvents = removeRecentEvents(projection.recentEvents, replacements)
  const refolds = projection.refolds + 1
  const update = foldInto({ ...projection, recentEvents, watermark, seenClose: null, refolds }, folding, rules)
  if (base === 'stored') return update
  const { pendingPastWrites, pendingCheckpoints } = update.projection
  const changes = mergeChanges([...pastEntriesOf(state), ...pendingPastWrites])
  const removed = changes.filter(({ entry }) => entry === null)
  const entries = changes.flatMap(({ entry }) => entry ?? [])
  const correctCheckpoints = pendingCheckpoints.flatMap(({ checkpoint }) => checkpoint ?? [])
  const later = checkpoints.filter(({ order }) => order > watermark)
  const since = base === 'beginning' ? (earliestTime(events) ?? Number.POSITIVE_INFINITY) : pastEntriesSince(base)
  return {
    ...update,
    projection: {
      ...update.projection,
      pendingPastWrites: mergeChanges([
        ...removed,
        ...diffPastEntries(pastEntries, { entries, before: state, after: update.projection.state }, since),
      ]),
      pendingCheckpoints: diffCheckpoints(later, correctCheckpoints),
    },
  }
}

/**
 * Replays the history to determine the steps of events that were applied earlier, and the ends of sessions that these events and
 * these closes changed.
 */
export function replay(
  aggregate: AggregateId,
  { base, events, closes }: Pick<AggregateHistory, 'base' | 'events' | 'closes'>,
  { seen, ...closesSeen }: SeenBefore,
  rules: ProjectionRules,
): Pick<ProjectionUpdate, 'steps' | 'changedEnds'> {
  const history = { base, events, closes, pastEntries: [], checkpoints: [] }
  const input = { appended: seen, unconfirmedDuplicates: [], closes: noCloses, ...closesSeen }
  return rebuild(emptyProjection(aggregate), history, input, rules)
}

/** The state that a rebuild from this base starts with, and the order key of the last event in it. */
export function startOf(base: Base, { state, watermark }: Projection): Pick<Projection, 'state' | 'watermark'> {
  if (base === 'stored') return { state, watermark }
  return base === 'beginning'
    ? { state: undefined, watermark: '' }
    : { state: base.state ?? undefined, watermark: base.order }
}

function eventsOf({ appended, unconfirmedDuplicates, replacements = [] }: ProjectionInput): readonly NorthboundEvent[] {
  return [...appended, ...unconfirmedDuplicates, ...replacements]
}

function earliestTime(events: readonly NorthboundEvent[]): number | undefined {
  return events.reduce<number | undefined>(
    (earliest, { received_at }) => (earliest === undefined || received_at < earliest ? received_at : earliest),
    undefined,
  )
}
