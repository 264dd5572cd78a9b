import { eventId } from '../protocol/event-id.ts'
import type { EventMetadata, NorthboundEvent } from '../protocol/events.ts'
import { hash } from './hash.ts'

/** Events of the same millisecond are ordered by kind: starts before ends (docs/contract.md, section 4). */
const ranks: ReadonlyMap<string, number> = new Map([
  ['open', 0],
  ['join', 1],
  ['publish', 2],
  ['unpublish', 4],
  ['unsub', 4],
  ['leave', 5],
  ['close', 6],
])
const defaultRank = 3
const timeDigits = 15

/** Characters of a `trace_id` in an order key, because projections and checkpoints store order keys. */
const maxTraceIdLength = 200

/**
 * The position of an event in the order of events. Comparing two keys as text compares the events.
 *
 * The key consists of the time of receipt (15 digits of ms), the rank of the kind, and the `trace_id`. A `trace_id` of more
 * than 200 characters is cut, and its hash is added.
 */
export function orderKey(event: Pick<EventMetadata, 'received_at' | 'trace_id'> & { readonly event: string }): string {
  const { received_at, trace_id } = event
  return `${timeKey(received_at)}.${rankOf(event)}.${shortenTraceId(trace_id)}`
}

/** Compares two events as their order keys compare, without creating the keys: for the many events of a stream. */
export function compareOrder(one: NorthboundEvent, other: NorthboundEvent): number {
  if (one.received_at !== other.received_at) return one.received_at - other.received_at
  const rankDifference = rankOf(one) - rankOf(other)
  return rankDifference === 0
    ? compareTexts(shortenTraceId(one.trace_id), shortenTraceId(other.trace_id))
    : rankDifference
}

function rankOf({ event }: { readonly event: string }): number {
  return ranks.get(event) ?? defaultRank
}

/** The part of an order key that states the time. The keys of events at `at` (ms) or later are greater. */
export function timeKey(at: number): string {
  return String(at).padStart(timeDigits, '0')
}

/** The time (ms) with which an order key starts; 0 for an empty one. */
export function timeOfOrder(order: string): number {
  return Number.parseInt(order, 10) || 0
}

/** The `trace_id` in an order key, cut if it is long: compare it with `shortenTraceId`. */
export function traceIdOf(key: string): string {
  return key.slice(timeDigits + '.0.'.length)
}

export function shortenTraceId(traceId: string): string {
  if (traceId.length <= maxTraceIdLength) return traceId
  // A cut may split a surrogate pair, and no store accepts one half.
  return `${traceId.slice(0, maxTraceIdLength).toWellFormed()}~${hash(traceId)}`
}

/**
 * Whether the first of two events with one `trace_id` counts: the one that comes first in the order of events or, in the same
 * millisecond and of the same kind, has the smaller `id` (docs/contract.md, section 4).
 */
export function precedes(event: NorthboundEvent, other: NorthboundEvent): boolean {
  const order = compareOrder(event, other)
  return order === 0 ? eventId(event) < eventId(other) : order < 0
}

/** Sorts by a text key, ascending, without changing the list. */
export function sortBy<Item>(items: Iterable<Item>, key: (item: Item) => string): Item[] {
  return Array.from(items, (item) => ({ item, key: key(item) }))
    .sort((a, b) => compareTexts(a.key, b.key))
    .map(({ item }) => item)
}

function compareTexts(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

/** The index of the first item of a sorted list that does not come before the place searched, by binary search. */
export function findPlace<Item>(sorted: ArrayLike<Item>, isBefore: (item: Item) => boolean): number {
  let [start, end] = [0, sorted.length]
  while (start < end) {
    const middle = (start + end) >> 1
    if (isBefore(sorted[middle] as Item)) start = middle + 1
    else end = middle
  }
  return start
}
