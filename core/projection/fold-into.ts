import { decideAlerts, emptyOutbox } from '../notifications/alert-outbox.ts'
import { endsSession, isChangedEnd, isEnd } from '../notifications/room-event.ts'
import type { NorthboundEvent } from '../protocol/events.ts'
import type { CloseMark } from '../state/closes.ts'
import { applyEntry, type FoldRules, type HistoryEntry, type State, type Step, toEntries } from '../state/fold.ts'
import { foldVersion } from '../state/fold-version.ts'
import { orderKey, sortBy, timeOfOrder } from '../state/order.ts'
import { withoutPeople } from '../state/room.ts'
import { canonicalText } from './canonical-text.ts'
import { type Checkpoint, entersPeriod, type RetentionRules } from './checkpoints.ts'
import { findPastChanges, mergeChanges, type PastChange } from './past-entries.ts'
import type { Projection } from './projection.ts'
import { addRecentEvents } from './recent-events.ts'

export type ProjectionUpdate = {
  readonly projection: Projection
  /** The steps of the events in the input. */
  readonly steps: readonly Step[]
  /** The other leaves, and closes of the room, whose published session changes because of the input. */
  readonly changedEnds: readonly Step[]
}

export type Folding = {
  /** The state to start from. */
  readonly state: Projection['state']
  readonly events: readonly NorthboundEvent[]
  readonly closes: readonly CloseMark[]
  /** The last known close of the room. */
  readonly lastClose: CloseMark | undefined
  /** The events of the input. */
  readonly seen: readonly NorthboundEvent[]
  /** Those of them to list among the recent events. */
  readonly recent: readonly NorthboundEvent[]
  /** The order keys of the closes that are new. */
  readonly seenCloses: ReadonlySet<string>
  /** The order key of the first event that has replaced another one: every later end may have been published differently. */
  readonly replacedFrom: string | undefined
}

/** Folds the part of a history that is later than the watermark of a projection into it, in one pass, whatever its length. */
export function foldInto(
  projection: Projection,
  folding: Folding,
  rules: FoldRules & RetentionRules,
): ProjectionUpdate {
  const { state, events, closes, lastClose, seen, recent } = folding
  const isParticipant = projection.aggregate.kind === 'participant'
  const seenTraceIds = new Set(seen.map(({ trace_id }) => trace_id))
  const compare = isParticipant ? compareWithout(projection.watermark, folding, rules) : undefined
  const steps: Step[] = []
  const changedEnds: Step[] = []
  const changes: PastChange[] = []
  const checkpoints: Checkpoint[] = []
  let after = state
  let watermark = projection.watermark
  for (const entry of toEntries(events, closes)) {
    if (entry.order <= projection.watermark) continue
    const step = applyEntry(after, entry, rules)
    if (entersPeriod(watermark, step.order, rules))
      checkpoints.push({ order: watermark, state: checkpointStateOf(after), next_at: timeOfOrder(step.order) })
    after = step.after
    if (step.order > watermark) watermark = step.order
    if (step.event !== undefined && seenTraceIds.has(step.event.trace_id)) steps.push(step)
    if (compare?.(entry, step) === 'changed_end') changedEnds.push(step)
    changes.push(...findPastChanges(step))
  }
  const next: Projection = {
    ...projection,
    foldVersion,
    state: after,
    seenClose: lastClose === undefined ? projection.seenClose : { order: lastClose.order, chain: lastClose.chain },
    // The writes that were pending before have been made.
    pendingPastWrites: mergeChanges(changes),
    pendingCheckpoints: checkpoints.map((checkpoint) => ({ at: timeOfOrder(checkpoint.order), checkpoint })),
    alertOutbox:
      projection.aggregate.kind === 'box' ? decideAlerts(projection.alertOutbox ?? emptyOutbox, steps, rules) : null,
    watermark,
    recentEvents: addRecentEvents(projection.recentEvents, sortBy(recent, orderKey)),
  }
  return { projection: next, steps, changedEnds: changedEnds.filter((step) => !steps.includes(step)) }
}

/** People who are in a room now may have come after the event that ends the period. */
function checkpointStateOf(state: State | undefined): State | null {
  return state?.kind === 'room' ? withoutPeople(state) : (state ?? null)
}

/**
 * Folds the same history a second time, without the events and closes that are new, to find the leaves and closes whose
 * session they change.
 *
 * @returns a function that takes the entries of the whole history in order, with their steps.
 */
function compareWithout(
  watermark: string,
  { state, events, seen, seenCloses, replacedFrom }: Folding,
  rules: FoldRules,
): (entry: HistoryEntry, step: Step) => 'changed_end' | 'unchanged' {
  // Of several duplicates, the one received first counts.
  const counted = new Map(Map.groupBy(seen, ({ trace_id }) => trace_id))
  const isCounted = ({ trace_id, received_at }: NorthboundEvent) =>
    counted.get(trace_id)?.some((event) => event.received_at === received_at) ?? false
  const isNew = (entry: HistoryEntry) => ('close' in entry ? seenCloses.has(entry.order) : isCounted(entry.event))
  // Without earlier events, nothing was published about the closes in this history.
  const hasEarlierEvents = events.some((event) => !isCounted(event) && orderKey(event) > watermark)
  const isReplaced = (step: Step) => replacedFrom !== undefined && step.order >= replacedFrom && isEnd(step)
  let without = state
  let differentSteps = 0
  return (entry, step) => {
    if (isNew(entry)) {
      if ('event' in entry) return 'unchanged'
      return isReplaced(step) || endsSession(step) ? 'changed_end' : 'unchanged'
    }
    // The two states are the same until something new comes, and usually equal again soon after it. That is checked more and more
    // rarely, because a check takes longer than a step.
    const earlier = without === step.before ? step : applyEntry(without, entry, rules)
    without = earlier.after
    if (without === step.after) differentSteps = 0
    else if (isPowerOfTwo(++differentSteps) && canonicalText(without) === canonicalText(step.after))
      without = step.after
    const isChanged = hasEarlierEvents ? isChangedEnd(step, earlier) : endsSession(step)
    return isReplaced(step) || isChanged ? 'changed_end' : 'unchanged'
  }
}

function isPowerOfTwo(count: number): boolean {
  return Number.isInteger(Math.log2(count))
}
