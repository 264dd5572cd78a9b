import type { Projection } from '../../core/projection/projection.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { streamOf } from '../../core/state/aggregate.ts'
import type { Step } from '../../core/state/fold.ts'
import type { CloseEnd } from './close-ends.ts'
import type { CheckedSessions } from './end-sessions.ts'
import type { StreamBatch } from './stream-batch.ts'

export type AppliedEvent = {
  readonly event: NorthboundEvent
  /** The event's step of the fold; undefined if it was applied earlier. */
  readonly step: Step | undefined
  /** The projection of its aggregate, as stored now. */
  readonly projection: Projection
  /** The events of the batch whose messages must be retried if this event cannot be published. */
  readonly causes: readonly NorthboundEvent[]
}

/** The events of a stream to publish, and the leaves that they changed. */
export function findAppliedEvents(batch: StreamBatch, { refolded }: Pick<CheckedSessions, 'refolded'>): AppliedEvent[] {
  const { aggregate, update, failure } = batch
  if (update === undefined || failure !== undefined) return []
  const { projection } = update
  const applied = findApplied(batch)
  // The steps are no longer known if the participant was folded again since.
  if (refolded.has(streamOf(aggregate)))
    return applied.map((event) => ({ event, step: undefined, projection, causes: [event] }))
  const stepByTraceId = new Map(update.steps.map((step) => [step.event?.trace_id, step]))
  return [
    ...applied.map((event) => ({ event, step: stepByTraceId.get(event.trace_id), projection, causes: [event] })),
    ...update.changedEnds.flatMap((step) =>
      step.event === undefined ? [] : [{ event: step.event, step, projection, causes: applied }],
    ),
  ]
}

/** The sessions that closes ended, which were applied together with the participant's events in this batch. */
export function findEarlyCloseEnds(batch: StreamBatch, { refolded }: Pick<CheckedSessions, 'refolded'>): CloseEnd[] {
  const { aggregate, update, failure } = batch
  if (update === undefined || failure !== undefined || aggregate.kind !== 'participant') return []
  // They are found in the history, with the events, if the participant was folded again since.
  if (refolded.has(streamOf(aggregate))) return []
  const causes = findApplied(batch)
  const { watermark } = update.projection
  return update.changedEnds.flatMap((step) =>
    step.event === undefined
      ? [
          {
            participant: aggregate,
            watermark,
            order: step.order,
            change: step,
            hasReplaced: false,
            isRedelivered: false,
            causes,
          },
        ]
      : [],
  )
}

function findApplied({ events, outcomes }: StreamBatch): NorthboundEvent[] {
  return events.filter((event) => {
    const outcome = outcomes.get(event)
    return outcome === 'applied' || outcome === 'stale' || outcome === 'duplicate'
  })
}
