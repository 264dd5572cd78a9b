import { canApply, isBeyondLateness } from '../../core/projection/checkpoints.ts'
import type { Projection } from '../../core/projection/projection.ts'
import { fingerprint, isRecent } from '../../core/projection/recent-events.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { orderKey } from '../../core/state/order.ts'
import type { ApplyDependencies } from './dependencies.ts'

/**
 * Finds the events that come so late that the log no longer has the events around them, and quarantines them
 * (docs/contract.md, section 4). Only a redriven dead letter can be as late as that, so this costs nothing otherwise.
 */
export async function rejectLateEvents(
  { store, log, rules, now }: ApplyDependencies,
  projection: Projection,
  events: readonly NorthboundEvent[],
  signal: AbortSignal,
): Promise<NorthboundEvent[]> {
  const { aggregate, watermark, recentEvents } = projection
  const late = events.filter(
    (event) =>
      isBeyondLateness(event.received_at, now()) && orderKey(event) <= watermark && !isRecent(recentEvents, event),
  )
  if (late.length === 0) return []
  const history = { checkpoints: await store.readCheckpoints(aggregate, signal), watermark, now: now() }
  const rejected = late.filter((event) => !canApply(orderKey(event), history, rules))
  for (const event of rejected) {
    const id = `${event.trace_id} ${fingerprint(event)}`
    const record = { id, reason: 'too_late', received_at: event.received_at, event, body: undefined }
    await log.quarantine(record, signal)
  }
  return rejected
}
