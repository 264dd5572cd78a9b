import type { AggregateId, StatefulAggregateId } from '../state/aggregate.ts'

/** An aggregate that has events in the log. `cursor`: continues the list after this aggregate. */
export type LoggedAggregate = { readonly aggregate: StatefulAggregateId; readonly cursor: string }

/** `next`: continues the list after this page, which may be empty; null at its end. */
export type LoggedAggregatePage = { readonly items: readonly LoggedAggregate[]; readonly next: string | null }

/** Lists aggregates by what the log has of them, whether or not they have a projection. Eventually consistent. */
export interface AggregateReader {
  /** @param cursor null for the first page. @throws InvalidCursorError */
  list(cursor: string | null, signal?: AbortSignal): Promise<LoggedAggregatePage>
  /** Reads the whole timeline of the room for each page. @throws InvalidCursorError */
  listOfRoom(roomId: string, cursor: string | null, signal?: AbortSignal): Promise<LoggedAggregatePage>
  /** Whether the log has events of the aggregate. */
  hasEvents(aggregate: AggregateId, signal?: AbortSignal): Promise<boolean>
}
