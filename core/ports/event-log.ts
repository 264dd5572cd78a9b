import type { NorthboundEvent } from '../protocol/events.ts'
import type { AggregateId } from '../state/aggregate.ts'

/** An event that can never be applied, kept with the reason. */
export type QuarantineRecord = {
  /** Identifies the record: writing it twice leaves one. */
  readonly id: string
  readonly reason: string
  /** ms since 1970 */
  readonly received_at: number
  /** The event, if the message could be parsed as one. */
  readonly event: NorthboundEvent | undefined
  /** The message as received, if it could not. */
  readonly body: string | undefined
}

/** The source of truth: every event once, in the stream of its aggregate. */
export interface EventLog {
  /**
   * Appends the event unless its `trace_id` is already in the stream.
   *
   * @returns 'appended'; the event that holds the `trace_id`; or 'impossible' if the event can never be stored.
   */
  append(event: NorthboundEvent, signal?: AbortSignal): Promise<'appended' | 'impossible' | NorthboundEvent>
  /** Moves a logged event to the time of `event`, if that is earlier. */
  moveEarlier(event: NorthboundEvent, signal?: AbortSignal): Promise<void>
  /**
   * Replaces the event that holds a `trace_id` with another event of the same `trace_id`.
   *
   * @throws if the holder has changed since it was read.
   */
  replace(holder: NorthboundEvent, event: NorthboundEvent, signal?: AbortSignal): Promise<void>
  /** Reads all events of the aggregate, in any order. Strongly consistent. */
  read(aggregate: AggregateId, signal?: AbortSignal): Promise<NorthboundEvent[]>
  /**
   * Visits the events of the aggregate that were received at `since` (ms) or later, in any order. Strongly consistent.
   * Events are read page by page, so the caller decides what is kept in memory.
   */
  visit(
    aggregate: AggregateId,
    since: number,
    visitor: (event: NorthboundEvent) => void,
    signal?: AbortSignal,
  ): Promise<void>
  quarantine(record: QuarantineRecord, signal?: AbortSignal): Promise<void>
}
