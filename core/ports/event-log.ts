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

/** The event that holds a `trace_id` in the log. */
export type Holder = {
  readonly event: NorthboundEvent
  /** Whether it has replaced another event, or a close at a later time, which may have had effects (docs/decisions/0002). */
  readonly hasReplaced: boolean
}

/** The source of truth: every event once, in the stream of its aggregate. */
export interface EventLog {
  /**
   * Appends the event unless its `trace_id` is already in the stream.
   *
   * @returns 'appended'; the holder of the `trace_id`; or 'impossible' if the event can never be stored.
   */
  append(event: NorthboundEvent, signal?: AbortSignal): Promise<'appended' | 'impossible' | Holder>
  /**
   * Replaces the holder of a `trace_id`: with the same event at an earlier time, or with another event.
   *
   * @returns 'conflict' if the holder has changed since it was read.
   */
  replace(holder: Holder, next: Holder, signal?: AbortSignal): Promise<'replaced' | 'conflict'>
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
  /** Keeps a record. Of several with one id, the one that was received first stays. */
  quarantine(record: QuarantineRecord, signal?: AbortSignal): Promise<void>
  /**
   * Records that an event shares its `trace_id` with another one, or that it was received at a time. The event is quarantined as
   * long as another one that was recorded precedes it. Calls may come in any order and may be repeated.
   */
  recordConflict(event: NorthboundEvent, rival: NorthboundEvent | undefined, signal?: AbortSignal): Promise<void>
}
