import { hashContent } from '../protocol/event-id.ts'
import type { NorthboundEvent } from '../protocol/events.ts'

/**
 * Number of recent events that a projection remembers, so that a duplicate of one of them needs no read of the log: as many as a join
 * causes. With more, the projection would not fit into one write unit after a second join (docs/decisions/0035).
 */
export const maxRecentEvents = 12

/** The content of an event, without its time of receipt, in 64 bits: 11 base64url characters. */
export function fingerprint(event: NorthboundEvent): string {
  return hashContent(event).toString('base64url', 0, 8)
}

/** Adds events and keeps the latest. An entry is the fingerprint followed by the ms of receipt in base 36. */
export function addRecentEvents(recentEvents: readonly string[], events: readonly NorthboundEvent[]): string[] {
  const entries = events.map((event) => `${fingerprint(event)}${event.received_at.toString(36)}`)
  return [...new Set([...recentEvents, ...entries])].slice(-maxRecentEvents)
}

/** Removes all entries of the events. */
export function removeRecentEvents(recentEvents: readonly string[], events: readonly NorthboundEvent[]): string[] {
  const removed = events.map(fingerprint)
  return recentEvents.filter((entry) => !removed.some((prefix) => entry.startsWith(prefix)))
}

/** The earliest time of receipt (ms) at which the event was added; undefined if it is not among the recent events. */
export function recentlySeenAt(recentEvents: readonly string[], event: NorthboundEvent): number | undefined {
  const prefix = fingerprint(event)
  const times = recentEvents.flatMap((entry) =>
    entry.startsWith(prefix) ? [Number.parseInt(entry.slice(prefix.length), 36)] : [],
  )
  return times.length === 0 ? undefined : Math.min(...times)
}

/** Whether the event was added with this time of receipt or an earlier one. */
export function isRecent(recentEvents: readonly string[], event: NorthboundEvent): boolean {
  return (recentlySeenAt(recentEvents, event) ?? Number.POSITIVE_INFINITY) <= event.received_at
}

/**
 * Whether the list shows everything that was added since it was as before: its last entry is still there, or none was dropped.
 */
export function isContinued(before: readonly string[], recentEvents: readonly string[]): boolean {
  const last = before.at(-1)
  return last === undefined ? recentEvents.length < maxRecentEvents : recentEvents.includes(last)
}
