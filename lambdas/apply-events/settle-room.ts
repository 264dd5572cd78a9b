import { isDeepStrictEqual } from 'node:util'
import { isMissingCloses } from '../../core/projection/missing-closes.ts'
import type { Projection } from '../../core/projection/projection.ts'
import type { KnownCloses } from '../../core/state/closes.ts'
import { foldStoredRoom } from '../fold-stored-room.ts'
import type { ApplyDependencies } from './dependencies.ts'
import { flushPendingWrites, updateProjection } from './update-projection.ts'

const maxRounds = 10

/**
 * Folds a room together with its participants and stores the result (docs/decisions/0020).
 *
 * The room is read before everything that it depends on, and read again after each write, so that the later writer, of the room
 * or of a participant, sees what the other has written.
 *
 * @throws if the room keeps changing.
 */
export async function settleRoom(dependencies: ApplyDependencies, room_id: string, signal: AbortSignal): Promise<void> {
  const { store } = dependencies
  const aggregate = { kind: 'room', room_id } as const
  const endSessions = async (projection: Projection, closes: KnownCloses) => {
    if (!isMissingCloses(projection, closes)) return projection
    const input = { appended: [], unconfirmedDuplicates: [], replacements: [], closes }
    return (await updateProjection(dependencies, projection, input, signal)).projection
  }
  for (let round = 0; round < maxRounds; round++) {
    const [stored] = await store.read([aggregate], signal)
    if (stored === undefined) return
    // A checkpoint may still be pending, and the next write would drop it.
    await flushPendingWrites(dependencies, stored, signal)
    // Later events are in the log but not in the projection yet. The batch that applies them settles the room again.
    const folding = { room_id, stored, until: stored.watermark, endSessions }
    const { state, pendingCheckpoints } = await foldStoredRoom(dependencies, folding, signal)
    if (isDeepStrictEqual(state, stored.state) && pendingCheckpoints.length === 0) return
    await store.write({ ...stored, state, pendingCheckpoints, refolds: stored.refolds + 1 }, signal)
  }
  throw new Error(
    `room ${JSON.stringify(room_id)} changed ${maxRounds} times while it was folded with its participants`,
  )
}
