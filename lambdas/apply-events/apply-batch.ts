import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { type StatefulAggregateId, streamOf } from '../../core/state/aggregate.ts'
import { type Deadline, withBudget } from '../deadline.ts'
import type { ApplyOutcome } from './append-events.ts'
import { type AppliedEvent, findAppliedEvents, findEarlyCloseEnds } from './applied-events.ts'
import { applyStreams, findCloseOrders, noCloseOrders } from './apply-streams.ts'
import { applyBudgetMs, endBudgetMs, settleBudgetMs } from './budgets.ts'
import type { CloseEnd } from './close-ends.ts'
import type { ApplyDependencies } from './dependencies.ts'
import { endSessionsAtCloses } from './end-sessions.ts'
import { settleRooms } from './settle-rooms.ts'
import { dedupe, groupByStream, type StreamBatch } from './stream-batch.ts'

export type BatchResult = {
  /** The outcome of every event in the batch. */
  readonly outcomes: ReadonlyMap<NorthboundEvent, ApplyOutcome>
  /** The distinct events that are in the log and in the state, for publishing. */
  readonly appliedEvents: readonly AppliedEvent[]
  /** The sessions that closes ended, for publishing. */
  readonly closeEnds: readonly CloseEnd[]
  /** The outcome of each rebuild, by stream. An Error: it must be retried. */
  readonly rebuilds: ReadonlyMap<string, 'rebuilt' | Error>
}

/** Reason for retrying the events that were not applied in time. */
const timeoutMessage = 'no time was left to apply the event'

/**
 * Applies a batch of events: first the log, then the projections, with one read and one write per stream.
 *
 * Rooms come before the participants in them, because a close of the room ends their sessions. Two concurrent batches can
 * still miss each other, one writing a close and the other a session. Therefore each batch reads the other side after its
 * own write, and the batch that writes last sees both.
 *
 * Never throws because of a single event. A room that is slow or fails takes only its own events with it.
 *
 * @param rebuilds aggregates whose projections are folded again from the log.
 */
export async function applyBatch(
  dependencies: ApplyDependencies,
  events: readonly NorthboundEvent[],
  deadline: Deadline,
  rebuilds: readonly StatefulAggregateId[] = [],
): Promise<BatchResult> {
  const duplicates = dedupe(events)
  const batches = groupByStream(duplicates.keys(), rebuilds)
  const participants = batches.filter(({ aggregate }) => aggregate.kind === 'participant')
  const others = batches.filter(({ aggregate }) => aggregate.kind !== 'participant')
  const applyMs = applyBudgetMs(deadline)
  const projections = await withBudget(applyMs, timeoutMessage, async (signal) => {
    // Half of the time at most, so that a slow room leaves enough for the participants of all others.
    await withBudget(applyMs / 2, timeoutMessage, (half) => applyStreams(dependencies, others, noCloseOrders, half))
    return applyStreams(dependencies, participants, findCloseOrders(others), signal)
  })
  const checked = await withBudget(endBudgetMs(deadline), timeoutMessage, (signal) =>
    endSessionsAtCloses(dependencies, batches, projections, signal),
  )
  await withBudget(settleBudgetMs(deadline), timeoutMessage, (signal) =>
    settleRooms(dependencies, batches, checked, signal),
  )
  return {
    outcomes: outcomesOf(batches, duplicates),
    appliedEvents: batches.flatMap((batch) => findAppliedEvents(batch, checked)),
    closeEnds: [...batches.flatMap((batch) => findEarlyCloseEnds(batch, checked)), ...checked.closeEnds],
    rebuilds: new Map(batches.map(({ aggregate, failure }) => [streamOf(aggregate), failure ?? 'rebuilt'])),
  }
}

/** The first of several duplicates gets the outcome, the others get `duplicate`. A failure applies to all of them. */
function outcomesOf(
  batches: readonly StreamBatch[],
  duplicates: ReadonlyMap<NorthboundEvent, readonly NorthboundEvent[]>,
): Map<NorthboundEvent, ApplyOutcome> {
  const result = new Map<NorthboundEvent, ApplyOutcome>()
  for (const { events, outcomes, failure } of batches)
    for (const event of events) {
      const outcome = failure ?? outcomes.get(event) ?? new Error('the event was not processed')
      for (const [index, duplicate] of (duplicates.get(event) ?? []).entries())
        result.set(duplicate, index === 0 || outcome instanceof Error ? outcome : 'duplicate')
    }
  return result
}
