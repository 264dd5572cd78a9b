import type { PastSession, PastSessionChange } from '../projection/past-sessions.ts'
import type { Projection } from '../projection/projection.ts'
import type { AggregateId, ParticipantId } from '../state/aggregate.ts'

/** Stores projections and the past sessions of participants. All reads are strongly consistent. */
export interface ProjectionStore {
  /** Reads projections in the order of `aggregates`; an aggregate that was never stored has the empty projection. */
  read(aggregates: readonly AggregateId[], signal?: AbortSignal): Promise<Projection[]>
  /** Stores the projection as version + 1 if the stored one still has its version. */
  write(projection: Projection, signal?: AbortSignal): Promise<'written' | 'conflict'>
  /** Reads the projections of all participants of a room. */
  readParticipants(roomId: string, signal?: AbortSignal): Promise<Projection[]>
  /**
   * Writes or removes a past session, unless a later version of the participant's projection has done so.
   *
   * @param version the version of the projection that the change comes from.
   */
  upsertPastSession(
    participant: ParticipantId,
    change: PastSessionChange,
    version: number,
    signal?: AbortSignal,
  ): Promise<void>
  /** Reads all past sessions of a participant. */
  readPastSessions(participant: ParticipantId, signal?: AbortSignal): Promise<PastSession[]>
}
