import type { ProjectionStore } from '../../core/ports/projection-store.ts'
import type { Checkpoint } from '../../core/projection/checkpoints.ts'
import { isCloseCandidate } from '../../core/projection/missing-closes.ts'
import { isPastSession, type PastEntry, pastEntryKey } from '../../core/projection/past-entries.ts'
import { emptyProjection, type Projection } from '../../core/projection/projection.ts'
import { roomIdOf, streamOf } from '../../core/state/aggregate.ts'
import { unknownFoldVersion } from '../../core/state/fold-version.ts'
import { occupancyOf } from '../../core/state/occupancy.ts'
import { sortBy } from '../../core/state/order.ts'

/** A projection store in memory, for tests, with the same optimistic locking as the DynamoDB one. */
export function memoryProjectionStore(): ProjectionStore {
  const projections = new Map<string, Projection>()
  const pastEntries = new Map<string, Map<string, { version: number; entry: PastEntry | null }>>()
  const checkpoints = new Map<string, Map<number, { version: number; checkpoint: Checkpoint | null }>>()
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
    async markOutdated(aggregate) {
      const stored = projections.get(streamOf(aggregate)) ?? emptyProjection(aggregate)
      const marked = { ...stored, version: stored.version + 1, foldVersion: unknownFoldVersion }
      projections.set(streamOf(aggregate), marked)
    },
    async readCloseCandidates(roomId, { since }) {
      const items = [...projections.values()].filter(
        (projection) => roomIdOf(projection.aggregate) === roomId && isCloseCandidate(projection, since),
      )
      return { items, cursor: null }
    },
    async upsertPastEntry(aggregate, { key, entry }, version) {
      const stored = pastEntries.get(streamOf(aggregate)) ?? new Map()
      pastEntries.set(streamOf(aggregate), stored)
      if ((stored.get(key)?.version ?? 0) < version) stored.set(key, { version, entry })
    },
    async readPastSessionsOfRoom(roomId, since) {
      return [...pastEntries].flatMap(([stream, stored]) => {
        const [kind, room_id, user_id] = JSON.parse(stream)
        if (kind !== 'participant' || room_id !== roomId) return []
        const sessions = [...stored.values()].flatMap(({ entry }) => (entry && isPastSession(entry) ? [entry] : []))
        return sessions.filter(({ end }) => end.at >= since).map((session) => occupancyOf(user_id, session))
      })
    },
    async readRecordings(roomId) {
      return [...projections.values()].filter(
        ({ aggregate }) => aggregate.kind === 'recording' && aggregate.room_id === roomId,
      )
    },
    async readPastEntries(aggregate, since) {
      const stored = [...(pastEntries.get(streamOf(aggregate))?.values() ?? [])].flatMap(({ entry }) => entry ?? [])
      return sortBy(
        stored.filter((entry) => !isPastSession(entry) || entry.joined_at >= since),
        pastEntryKey,
      )
    },
    async upsertCheckpoint(aggregate, { at, checkpoint }, version) {
      const stored = checkpoints.get(streamOf(aggregate)) ?? new Map()
      checkpoints.set(streamOf(aggregate), stored)
      if ((stored.get(at)?.version ?? 0) < version) stored.set(at, { version, checkpoint })
    },
    async readCheckpoints(aggregate) {
      const stored = checkpoints.get(streamOf(aggregate))?.values() ?? []
      return sortBy(
        [...stored].flatMap(({ checkpoint }) => checkpoint ?? []),
        ({ order }) => order,
      )
    },
  }
}
