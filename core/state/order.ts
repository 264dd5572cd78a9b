import type { EventMetadata } from '../protocol/events.ts'

/** Events of the same millisecond: beginnings before ends (contract, section 4). */
const ranks: ReadonlyMap<string, number> = new Map([
  ['open', 0],
  ['join', 1],
  ['publish', 2],
  ['unpublish', 4],
  ['leave', 5],
  ['close', 6],
])
const rest = 3

/**
 * The place of an event in the order of the contract, as text: comparing two keys compares the events.
 *
 * Received time (15 digits of ms), then the rank of the kind, then `trace_id`.
 */
export function orderKey(event: Pick<EventMetadata, 'received_at' | 'trace_id'> & { readonly event: string }): string {
  return `${String(event.received_at).padStart(15, '0')}.${ranks.get(event.event) ?? rest}.${event.trace_id}`
}

export const beforeAll = ''

/** Sorts by a key that is text, ascending, without changing the list. */
export function sortBy<Item>(items: Iterable<Item>, key: (item: Item) => string): Item[] {
  return Array.from(items, (item) => ({ item, at: key(item) }))
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    .map(({ item }) => item)
}
