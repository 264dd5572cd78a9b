import { unknownFoldVersion } from '../state/fold-version.ts'
import type { Projection } from './projection.ts'

/** Size of the pending writes as JSON. An item can hold 400 KB, and a state with its recent events needs less than half. */
const maxPendingBytes = 200_000

/**
 * Keeps only as many pending writes as an item can hold. If there are more, the projection is marked as outdated, so that the
 * next rebuild finds the others.
 */
export function limitPendingWrites(projection: Projection): Projection {
  const { pendingCheckpoints, pendingPastWrites } = projection
  let remaining = maxPendingBytes
  const fits = (change: unknown) => {
    const isFirst = remaining === maxPendingBytes
    remaining -= Buffer.byteLength(JSON.stringify(change))
    // The first one is always kept, so that each rebuild makes progress.
    return remaining >= 0 || isFirst
  }
  const checkpoints = pendingCheckpoints.filter(fits)
  const pastWrites = pendingPastWrites.filter(fits)
  if (checkpoints.length + pastWrites.length === pendingCheckpoints.length + pendingPastWrites.length) return projection
  return {
    ...projection,
    foldVersion: unknownFoldVersion,
    pendingCheckpoints: checkpoints,
    pendingPastWrites: pastWrites,
  }
}
