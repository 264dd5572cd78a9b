import { eventId } from '../protocol/event-id.ts'
import type { NorthboundEvent } from '../protocol/events.ts'
import { orderKey } from './order.ts'

/**
 * What is known about an event that shares its `trace_id` with other events (docs/decisions/0002). Both parts only ever become
 * smaller, so records can be merged in any order, and repeating one has no effect.
 */
export type Conflict = {
  /** ms: the earliest known time of receipt of the event. */
  readonly received_at: number
  /** The first known place of another event with the `trace_id`, see `placeOf`; undefined if none is known. */
  readonly rival: string | undefined
}

/** The place of an event among those with its `trace_id`: comparing two places as text compares like `precedes`. */
function placeOf(event: NorthboundEvent): string {
  return `${orderKey(event)} ${eventId(event)}`
}

/** @param rival another event with the `trace_id`, or undefined. */
export function toConflict({ received_at }: NorthboundEvent, rival: NorthboundEvent | undefined): Conflict {
  return { received_at, rival: rival && placeOf(rival) }
}

export function mergeConflicts(one: Conflict | undefined, other: Conflict): Conflict {
  if (one === undefined) return other
  const rivals = [one.rival, other.rival].filter((rival) => rival !== undefined).sort()
  return { received_at: Math.min(one.received_at, other.received_at), rival: rivals[0] }
}

/** Whether the event has no effect, because another one with its `trace_id` precedes it. */
export function isQuarantined(event: NorthboundEvent, { received_at, rival }: Conflict): boolean {
  return rival !== undefined && rival < placeOf({ ...event, received_at })
}
