import { isDeepStrictEqual } from 'node:util'
import { toRoomEventMessage } from '../../core/notifications/room-event-message.ts'
import type { RoomEventMessage } from '../../core/ports/topics.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import type { Step } from '../../core/state/fold.ts'
import type { AppliedEvent } from './applied-events.ts'
import type { CloseEnd } from './close-ends.ts'
import type { PublishDependencies } from './dependencies.ts'
import { replayHistory } from './update-projection.ts'

/** A message with the events of the batch whose messages must be retried if it cannot be published. */
export type OutgoingMessage = { readonly message: RoomEventMessage; readonly causes: readonly NorthboundEvent[] }

/** What the history of a participant shows. */
export type Replayed = { readonly outgoing: readonly OutgoingMessage[]; readonly closeEnds: readonly CloseEnd[] }

/** @param step the event's step of the fold, if known. */
export function toOutgoing(
  event: NorthboundEvent,
  step: Step | undefined,
  causes: readonly NorthboundEvent[],
): OutgoingMessage {
  return { message: toRoomEventMessage(event, step), causes }
}

/**
 * Determines the steps of events that were applied earlier, and the ends of sessions that they changed. The history is read once,
 * because all events of a redelivered batch may belong to one participant.
 *
 * @param appliedEarlier events of one aggregate.
 */
export async function replayEvents(
  dependencies: PublishDependencies,
  appliedEarlier: readonly AppliedEvent[],
  signal: AbortSignal,
): Promise<Replayed> {
  const projection = appliedEarlier[0]?.projection
  if (projection?.aggregate.kind !== 'participant')
    return { outgoing: appliedEarlier.map(({ event, step, causes }) => toOutgoing(event, step, causes)), closeEnds: [] }
  const { aggregate: participant, watermark } = projection
  const seen = appliedEarlier.map(({ event }) => event)
  const { steps, changedEnds } = await replayHistory(dependencies, projection, { seen }, signal)
  const outgoing = appliedEarlier.flatMap(({ event, causes }) => {
    const step = steps.find((one) => one.event?.trace_id === event.trace_id)
    // Another event with the trace_id may count by now. The history has no parameters to compare.
    const isReplaced = step?.event !== undefined && !isDeepStrictEqual(step.event.data, event.data)
    return isReplaced ? [] : [toOutgoing(event, step, causes)]
  })
  const causes = appliedEarlier.flatMap((applied) => applied.causes)
  const changed = toReplayed({ participant, watermark, causes }, changedEnds)
  return { outgoing: [...outgoing, ...changed.outgoing], closeEnds: changed.closeEnds }
}

/**
 * Determines which sessions of a participant closes ended, and which other ends of sessions they changed.
 *
 * @param ends of one participant.
 */
export async function replayCloses(
  dependencies: PublishDependencies,
  ends: readonly CloseEnd[],
  signal: AbortSignal,
): Promise<Replayed> {
  const [first] = ends
  if (first === undefined) return { outgoing: [], closeEnds: [] }
  const orders = ends.map(({ order }) => order)
  const newOrders = ends.flatMap(({ order, isRedelivered }) => (isRedelivered ? [] : [order]))
  const [replacedFrom] = ends.flatMap(({ order, hasReplaced }) => (hasReplaced ? [order] : [])).sort()
  const { participant: aggregate, watermark } = first
  const changedEnds = new Map<string, Step>()
  // What a redelivered close ended may have been published, and a new close may change that as well.
  for (const seen of newOrders.length === 0 || newOrders.length === orders.length ? [orders] : [orders, newOrders]) {
    const seenBefore = { seen: [], seenCloses: new Set(seen), replacedFrom }
    const replayed = await replayHistory(dependencies, { aggregate, watermark }, seenBefore, signal)
    for (const step of replayed.changedEnds) changedEnds.set(step.order, step)
  }
  const causes = ends.flatMap((end) => end.causes)
  return toReplayed({ participant: aggregate, watermark, causes }, [...changedEnds.values()])
}

function toReplayed(
  end: Pick<CloseEnd, 'participant' | 'watermark' | 'causes'>,
  changedEnds: readonly Step[],
): Replayed {
  return {
    outgoing: changedEnds.flatMap((step) =>
      step.event === undefined ? [] : [toOutgoing(step.event, step, end.causes)],
    ),
    closeEnds: changedEnds.flatMap((step) =>
      step.event === undefined
        ? [{ ...end, order: step.order, change: step, hasReplaced: false, isRedelivered: false }]
        : [],
    ),
  }
}
