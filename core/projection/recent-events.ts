import { createHash } from 'node:crypto'
import type { NorthboundEvent } from '../protocol/events.ts'

/**
 * How many of its last events a projection remembers. A copy of one of them is settled without asking the log;
 * a join brings about a dozen events, and a redelivered batch two or three joins' worth at most.
 */
const memory = 24

/** The same content under the same `trace_id` has the same fingerprint, whenever it was received. 64 bits, as 11 characters. */
export function fingerprint({ trace_id, source, params }: NorthboundEvent): string {
  const entries = Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256')
    .update(JSON.stringify([trace_id, source, entries]))
    .digest()
    .toString('base64url', 0, 8)
}

/** Adds events to a projection's memory; the last ones stay. An entry is the fingerprint and the ms of receipt. */
export function remember(recentEvents: readonly string[], events: readonly NorthboundEvent[]): string[] {
  const entries = events.map((event) => `${fingerprint(event)}${event.received_at.toString(36)}`)
  return [...new Set([...recentEvents, ...entries])].slice(-memory)
}

/** When the projection first saw this very event, in ms; undefined where it does not remember it. */
export function recentlySeenAt(recentEvents: readonly string[], event: NorthboundEvent): number | undefined {
  const mark = fingerprint(event)
  const times = recentEvents.flatMap((entry) =>
    entry.startsWith(mark) ? [Number.parseInt(entry.slice(mark.length), 36)] : [],
  )
  return times.length === 0 ? undefined : Math.min(...times)
}

/** Whether the projection has seen this very event, at this time or earlier. */
export function isRecent(recentEvents: readonly string[], event: NorthboundEvent): boolean {
  return (recentlySeenAt(recentEvents, event) ?? Number.POSITIVE_INFINITY) <= event.received_at
}
