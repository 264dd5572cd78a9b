import type { ProjectionStore } from '../../core/ports/projection-store.ts'
import type { Projection } from '../../core/projection/projection.ts'
import { timeOfOrder } from '../../core/state/order.ts'

/** The store as it will be when the pending writes of this projection have been made. */
export function withPendingWrites(
  store: ProjectionStore,
  { pendingSessionWrites, pendingCheckpoints }: Projection,
): ProjectionStore {
  return {
    ...store,
    async readPastSessions(participant, since, signal) {
      const sessions = new Map(
        (await store.readPastSessions(participant, since, signal)).map((session) => [session.joined_at, session]),
      )
      for (const { joined_at, session } of pendingSessionWrites)
        if (session === null) sessions.delete(joined_at)
        else if (joined_at >= since) sessions.set(joined_at, session)
      return [...sessions.values()].sort((one, other) => one.joined_at - other.joined_at)
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
