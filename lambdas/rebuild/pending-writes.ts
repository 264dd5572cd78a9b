import type { ProjectionStore } from '../../core/ports/projection-store.ts'
import { isPastSession, pastEntryKey } from '../../core/projection/past-entries.ts'
import type { Projection } from '../../core/projection/projection.ts'
import { sortBy, timeOfOrder } from '../../core/state/order.ts'

/** The store as it will be when the pending writes of this projection have been made. */
export function withPendingWrites(
  store: ProjectionStore,
  { pendingPastWrites, pendingCheckpoints }: Projection,
): ProjectionStore {
  return {
    ...store,
    async readPastEntries(aggregate, since, signal) {
      const entries = new Map(
        (await store.readPastEntries(aggregate, since, signal)).map((entry) => [pastEntryKey(entry), entry]),
      )
      for (const { key, entry } of pendingPastWrites)
        if (entry === null) entries.delete(key)
        else if (!isPastSession(entry) || entry.joined_at >= since) entries.set(key, entry)
      return sortBy(entries.values(), pastEntryKey)
    },
    async readCheckpoints(aggregate, signal) {
      const checkpoints = new Map(
        (await store.readCheckpoints(aggregate, signal)).map((checkpoint) => [
          timeOfOrder(checkpoint.order),
          checkpoint,
        ]),
      )
      for (const { at, checkpoint } of pendingCheckpoints)
        if (checkpoint === null) checkpoints.delete(at)
        else checkpoints.set(at, checkpoint)
      return [...checkpoints.values()].sort((one, other) => (one.order < other.order ? -1 : 1))
    },
  }
}
