/** An event as `GET /api/events` and the room event topic show it (docs/contract.md, sections 6 and 7). */
export interface LoggedEvent {
  readonly trace_id: string
  readonly event: string
  /** ISO 8601 */
  readonly received_at: string
  readonly source: string
  readonly params: Readonly<Record<string, string>>
  /** Why the event has no effect; absent if it has. */
  readonly quarantined?: string
}

/** An event of the model. */
export interface ModelEvent {
  readonly name: string
  /** ms since 1970 */
  readonly at: number
  readonly traceId: string
  /** Whether it came from a callback, not from a sweep. */
  readonly isGenuine: boolean
  /** Without those that have no value. */
  readonly params: Readonly<Record<string, string>>
}

export const secondMs = 1000
export const minuteMs = 60 * secondMs
/** Events of one person within this time may have overtaken each other (section 4, T). */
export const toleranceMs = 5 * secondMs

/** Section 4, Order. */
const rankByName = new Map([
  ['open', 0],
  ['join', 1],
  ['publish', 2],
  ['unpublish', 4],
  ['unsub', 4],
  ['leave', 5],
  ['close', 6],
])

/** Section 4: the events in their order, each `trace_id` once, at its earliest time. @param events of one subject. */
export function toHistory(events: readonly ModelEvent[]): ModelEvent[] {
  const seen = new Set<string>()
  return events.toSorted(compareEvents).filter(({ traceId }) => {
    const isFirst = !seen.has(traceId)
    seen.add(traceId)
    return isFirst
  })
}

export function compareEvents(one: ModelEvent, other: ModelEvent): number {
  const rankOf = ({ name }: ModelEvent) => rankByName.get(name) ?? 3
  return one.at - other.at || rankOf(one) - rankOf(other) || compareTexts(one.traceId, other.traceId)
}

export function compareTexts(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

export function toModelEvent({ trace_id, event, received_at, source, params }: LoggedEvent): ModelEvent {
  return {
    name: event,
    at: Date.parse(received_at),
    traceId: trace_id,
    isGenuine: source === 'callback',
    params: Object.fromEntries(Object.entries(params).filter(([, value]) => value !== '')),
  }
}
