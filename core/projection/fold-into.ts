import { decideAlerts, emptyOutbox } from '../notifications/alert-outbox.ts'
import type { NorthboundEvent } from '../protocol/events.ts'
import type { CloseMark } from '../state/closes.ts'
import { applyEntry, type FoldRules, type State, type Step, toEntries } from '../state/fold.ts'
import { foldVersion } from '../state/fold-version.ts'
import { orderKey, sortBy, timeOfOrder } from '../state/order.ts'
import { withoutPeople } from '../state/room.ts'
import { type Compared, compareWithout } from './changed-ends.ts'
import { type Checkpoint, entersPeriod, type RetentionRules } from './checkpoints.ts'
import { findPastChanges, mergeChanges, type PastChange } from './past-entries.ts'
import type { Projection } from './projection.ts'
import { addRecentEvents } from './recent-events.ts'
import { RevealedEnds } from './revealed-ends.ts'

export type ProjectionUpdate = {
  readonly projection: Projection
  /** The steps of the events in the input. */
  readonly steps: readonly Step[]
  /** The other leaves, and closes of the room, whose published session changes, or may have changed, because of the input. */
  readonly changedEnds: readonly Step[]
}

type Folded = ProjectionUpdate & {
  /** Whether a leave or close before these events has ended a session after all, which only the history shows. */
  readonly needsHistory: boolean
}

export type Folding = Compared & {
  readonly closes: readonly CloseMark[]
  /** The last known close of the room. */
  readonly lastClose: CloseMark | undefined
  /** Those of the events in the input to list among the recent events. */
  readonly recent: readonly NorthboundEvent[]
}

/** Folds the part of a history that is later than the watermark of a projection into it, in one pass, whatever its length. */
export function foldInto(projection: Projection, folding: Folding, rules: FoldRules & RetentionRules): Folded {
  const { state, events, closes, lastClose, seen, recent } = folding
  const isParticipant = projection.aggregate.kind === 'participant'
  const seenTraceIds = new Set(seen.map(({ trace_id }) => trace_id))
  const compare = isParticipant ? compareWithout(projection.watermark, folding, rules) : undefined
  const revealed = new RevealedEnds()
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
    if (isParticipant) revealed.add(step)
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
  // What was published about a revealed end is not known, so it is published again with every fold that shows it.
  const seenOrders = new Set(steps.map(({ order }) => order))
  const ends = new Map([...changedEnds.map((step): [string, Step] => [step.order, step]), ...revealed.steps])
  return {
    projection: next,
    steps: steps.map((step) => revealed.steps.get(step.order) ?? step),
    changedEnds: [...ends.values()].filter(({ order }) => !seenOrders.has(order)),
    needsHistory: !revealed.isComplete,
  }
}

/** People who are in a room now may have come after the event that ends the period. */
function checkpointStateOf(state: State | undefined): State | null {
  return state?.kind === 'room' ? withoutPeople(state) : (state ?? null)
}
