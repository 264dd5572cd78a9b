import { foldHistory } from '../../core/projection/find-difference.ts'
import type { PastEntry } from '../../core/projection/past-entries.ts'
import type { Projection } from '../../core/projection/projection.ts'
import { foldVersion } from '../../core/state/fold-version.ts'
import { foldStoredRoom } from '../fold-stored-room.ts'
import { readHistory } from '../read-history.ts'
import type { RebuildDependencies } from './dependencies.ts'
import { withPendingWrites } from './pending-writes.ts'

export type FoldedFromLog = {
  /** Undefined if the log has nothing of the aggregate any more. */
  readonly folded: Projection | undefined
  /** The past sessions of a participant as they will be stored after the pending writes. */
  readonly pastEntries: readonly PastEntry[]
}

/** Folds a projection again, without writing anything. */
export async function foldFromLog(
  dependencies: RebuildDependencies,
  stored: Projection,
  signal: AbortSignal,
): Promise<FoldedFromLog> {
  if (stored.aggregate.kind === 'room') return foldRoom(dependencies, stored, stored.aggregate.room_id, signal)
  const store = withPendingWrites(dependencies.store, stored)
  const history = await readHistory({ ...dependencies, store }, stored, undefined, signal)
  return { folded: foldHistory(stored, history, dependencies.rules), pastEntries: history.pastEntries }
}

/** Folds a room with its participants, and these from the log as well. */
async function foldRoom(
  dependencies: RebuildDependencies,
  stored: Projection,
  roomId: string,
  signal: AbortSignal,
): Promise<FoldedFromLog> {
  const stores = { ...dependencies, store: withPendingWrites(dependencies.store, stored) }
  // Whatever is stored about a participant, closes included, gives way to the log.
  const endSessions = async (participant: Projection) =>
    (await foldFromLog(dependencies, participant, signal)).folded ?? participant
  const folding = { room_id: roomId, stored, until: undefined, endSessions }
  const { state, evidence } = await foldStoredRoom(stores, folding, signal)
  const folded = evidence === 'none' ? undefined : { ...stored, foldVersion, state, pendingSessionWrites: [] }
  return { folded, pastEntries: [] }
}
