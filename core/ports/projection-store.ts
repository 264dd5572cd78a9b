import type { Checkpoint, CheckpointChange } from '../projection/checkpoints.ts'
import type { PastChange, PastEntry } from '../projection/past-entries.ts'
import type { Projection } from '../projection/projection.ts'
import type { AggregateId, RecurringAggregateId, StatefulAggregateId } from '../state/aggregate.ts'
import type { Occupancy } from '../state/occupancy.ts'
import type { Page } from './page.ts'

/** `since`: ms of the earliest close. `cursor`: from the previous page; null for the first one. */
export type CloseCandidateRequest = { readonly since: number; readonly cursor: string | null }

/** Stores projections, past sessions and recordings, and checkpoints. All reads are strongly consistent. */
export interface ProjectionStore {
  /** Reads projections in the order of `aggregates`; an aggregate that was never stored has the empty projection. */
  read(aggregates: readonly AggregateId[], signal?: AbortSignal): Promise<Projection[]>
  /** Stores the projection as version + 1 if the stored one still has its version. */
  write(projection: Projection, signal?: AbortSignal): Promise<'written' | 'conflict'>
  /**
   * Makes the next update of the projection fold it again from the log. The version increases, so that a concurrent writer
   * conflicts. If the projection was never stored, an empty one is.
   *
   * @param now ms since 1970; a new projection expires after the retention from then.
   */
  markOutdated(aggregate: StatefulAggregateId, now: number, signal?: AbortSignal): Promise<void>
  /** Reads a page of the room's participants for which `isCloseCandidate` holds. It may be empty and not be the last. */
  readCloseCandidates(roomId: string, page: CloseCandidateRequest, signal?: AbortSignal): Promise<Page<Projection>>
  /**
   * Writes or removes a past session or recording, unless a later version of the projection has done so.
   *
   * @param version the version of the projection that the change comes from.
   */
  upsertPastEntry(
    aggregate: RecurringAggregateId,
    change: PastChange,
    version: number,
    signal?: AbortSignal,
  ): Promise<void>
  /**
   * Reads the past entries of an aggregate, sorted by key: of a participant, the sessions that began at `since` (ms) or later;
   * of an exporter, all recordings, because a late event can concern any of them.
   */
  readPastEntries(aggregate: RecurringAggregateId, since: number, signal?: AbortSignal): Promise<PastEntry[]>
  /**
   * Writes or removes a checkpoint, unless a later version of the projection has done so.
   *
   * @param version the version of the projection that the change comes from.
   */
  upsertCheckpoint(
    aggregate: AggregateId,
    change: CheckpointChange,
    version: number,
    signal?: AbortSignal,
  ): Promise<void>
  /** Reads the checkpoints of an aggregate, in order. */
  readCheckpoints(aggregate: AggregateId, signal?: AbortSignal): Promise<Checkpoint[]>
  /** Reads the past sessions of all participants of a room that ended at `since` (ms) or later. */
  readPastSessionsOfRoom(roomId: string, since: number, signal?: AbortSignal): Promise<Occupancy[]>
  /** Reads the projections of all recordings of a room. */
  readRecordings(roomId: string, signal?: AbortSignal): Promise<Projection[]>
}
