import type { ProjectionStore } from '../../core/ports/projection-store.ts'
import type { PastSession } from '../../core/projection/past-sessions.ts'
import { emptyProjection, type Projection } from '../../core/projection/projection.ts'
import { streamOf } from '../../core/state/aggregate.ts'

/** A state store that lasts as long as the process, with the same optimistic locking as the real one. */
export function memoryProjectionStore(): ProjectionStore {
  const projections = new Map<string, Projection>()
  const sessions = new Map<string, Map<number, { version: number; session: PastSession | null }>>()
  return {
    async read(aggregates) {
      return aggregates.map((aggregate) => projections.get(streamOf(aggregate)) ?? emptyProjection(aggregate))
    },
    async write(projection) {
      const key = streamOf(projection.aggregate)
      if ((projections.get(key)?.version ?? 0) !== projection.version) return 'conflict'
      projections.set(key, { ...projection, version: projection.version + 1 })
      return 'written'
    },
    async readParticipants(roomId) {
      return [...projections.values()].filter(
        ({ aggregate }) => aggregate.kind === 'participant' && aggregate.room_id === roomId,
      )
    },
    async upsertPastSession(aggregate, { joined_at, session }, version) {
      const own = sessions.get(streamOf(aggregate)) ?? new Map()
      sessions.set(streamOf(aggregate), own)
      if ((own.get(joined_at)?.version ?? 0) < version) own.set(joined_at, { version, session })
    },
    async readPastSessions(aggregate) {
      const own = sessions.get(streamOf(aggregate))?.values() ?? []
      return [...own].flatMap(({ session }) => (session === null ? [] : [session]))
    },
  }
}
