import { beforeAll, describe, expect, it } from 'vitest'
import type { ProjectionStore } from '../../core/ports/projection-store.ts'
import { emptyProjection, type Projection } from '../../core/projection/projection.ts'
import type { ParticipantId } from '../../core/state/aggregate.ts'
import { foldVersion, unknownFoldVersion } from '../../core/state/fold-version.ts'
import { timeKey } from '../../core/state/order.ts'
import { pastSession } from './past-sessions.ts'

/** Tests that the projections of every store must pass. @param open returns an empty store. */
export function projectionsContract(open: () => Promise<ProjectionStore>): void {
  describe('the projection store', () => {
    let store: ProjectionStore
    beforeAll(async () => {
      store = await open()
    })
    const participant = (room_id: string, user_id: string): Projection & { aggregate: ParticipantId } => ({
      ...emptyProjection({ kind: 'participant', room_id, user_id }),
      aggregate: { kind: 'participant', room_id, user_id },
      state: { kind: 'participant', user_name: null, session: null, streams: [], subscriptions: [] },
      watermark: '000000000000001.1.t',
      recentEvents: ['YWJjZGVmZ2gmkeqxenz', 'aWprbG1ub3Amkeqxfpf'],
      seenClose: { order: 'o', chain: 7 },
      pendingPastWrites: [{ key: timeKey(7), entry: pastSession(7) }],
    })

    it('returns the empty projection for an aggregate that was never stored', async () => {
      const aggregate = { kind: 'room', room_id: 'unknown' } as const
      expect(await store.read([aggregate])).toEqual([emptyProjection(aggregate)])
    })

    it('reads the recordings of a room, and nothing else of it', async () => {
      const recording = (room_id: string, recording_id: string): Projection =>
        emptyProjection({ kind: 'recording', room_id, recording_id })
      for (const projection of [recording('recorded', 'e1'), recording('recorded', 'e2'), recording('other', 'e3')])
        await store.write(projection)
      await store.write(participant('recorded', 'a'))
      const read = await store.readRecordings('recorded')
      expect(read.map(({ aggregate }) => aggregate)).toEqual(
        expect.arrayContaining([recording('recorded', 'e1').aggregate, recording('recorded', 'e2').aggregate]),
      )
      expect(read).toHaveLength(2)
    })

    it('returns a written projection with the next version', async () => {
      const projection = participant('R', 'a')
      expect(await store.write(projection)).toBe('written')
      expect(await store.read([projection.aggregate])).toEqual([{ ...projection, version: 1 }])
    })

    it('reports a conflict if the stored version is not the one that the projection was read with', async () => {
      const projection = participant('R', 'b')
      expect(await store.write(projection)).toBe('written')
      expect(await store.write(projection)).toBe('conflict')
      expect(await store.write({ ...projection, version: 2 })).toBe('conflict')
      expect(await store.write({ ...projection, version: 1 })).toBe('written')
    })

    it('accepts exactly one of several concurrent writes of the same version', async () => {
      const projection = participant('R', 'race')
      const results = await Promise.all(Array.from({ length: 10 }, () => store.write(projection)))
      expect(results.filter((result) => result === 'written')).toHaveLength(1)
    })

    it('marks a stored projection as outdated and increases its version, so that concurrent writers conflict', async () => {
      const projection = participant('R', 'marked')
      await store.write(projection)
      await store.markOutdated(projection.aggregate, Date.now())
      expect(await store.write({ ...projection, version: 1 })).toBe('conflict')
      expect(await store.read([projection.aggregate])).toEqual([
        { ...projection, version: 2, foldVersion: unknownFoldVersion },
      ])
      expect(await store.write({ ...projection, version: 2 })).toBe('written')
      expect(await store.read([projection.aggregate])).toMatchObject([{ version: 3, foldVersion }])
    })

    it('marks an aggregate that was never stored with an empty, outdated projection', async () => {
      const { aggregate } = participant('never-stored', 'U')
      await store.markOutdated(aggregate, Date.now())
      const marked = { ...emptyProjection(aggregate), version: 1, foldVersion: unknownFoldVersion }
      expect(await store.read([aggregate])).toEqual([marked])
      await store.markOutdated(aggregate, Date.now())
      expect(await store.read([aggregate])).toEqual([{ ...marked, version: 2 }])
    })

    it('leaves a projection marked if it is marked and first written at the same time', async () => {
      const projection = participant('R', 'both')
      const [outcome] = await Promise.all([
        store.write(projection),
        store.markOutdated(projection.aggregate, Date.now()),
      ])
      const state = outcome === 'written' ? projection.state : undefined
      expect(await store.read([projection.aggregate])).toMatchObject([{ state, foldVersion: unknownFoldVersion }])
    })

    it('reads more projections than one request can hold, in the order of the aggregates', async () => {
      const projections = Array.from({ length: 130 }, (_, index) => participant('many', `u${index}`))
      await Promise.all(projections.map((projection) => store.write(projection)))
      const aggregates = projections.map((projection) => projection.aggregate).reverse()
      expect((await store.read(aggregates)).map((projection) => projection.aggregate)).toEqual(aggregates)
    })
  })
}
