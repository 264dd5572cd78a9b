import { beforeAll, describe, expect, it } from 'vitest'
import type { ProjectionStore } from '../../core/ports/projection-store.ts'

/** Tests of the checkpoints in a projection store. @param open returns an empty store. */
export function checkpointsContract(open: () => Promise<ProjectionStore>): void {
  describe('checkpoints', () => {
    let store: ProjectionStore
    beforeAll(async () => {
      store = await open()
    })
    const box = { kind: 'box', box_code: 'B' } as const
    const participant = { kind: 'participant', room_id: 'R', user_id: 'U' } as const
    const media = { streams: [{ stream_id: 's', stream_type: 'audio', resolution: null, since: 5 }], subscriptions: [] }
    const state = { kind: 'participant', user_name: '王', session: null, ...media } as const
    const checkpointAt = (at: number, user_name = '王') => ({
      order: `${String(at).padStart(15, '0')}.1.t`,
      state: { ...state, user_name },
      next_at: at + 1,
    })

    it('are read in order, for one aggregate only', async () => {
      for (const at of [20, 3, 100]) await store.upsertCheckpoint(participant, { at, checkpoint: checkpointAt(at) }, 1)
      await store.upsertCheckpoint(box, { at: 7, checkpoint: { ...checkpointAt(7), state: null } }, 1)
      expect(await store.readCheckpoints(participant)).toEqual([3, 20, 100].map((at) => checkpointAt(at)))
      expect(await store.readCheckpoints(box)).toEqual([{ ...checkpointAt(7), state: null }])
      expect(await store.readCheckpoints({ kind: 'room', room_id: 'R' })).toEqual([])
    })

    it('are changed only by a later version of the projection', async () => {
      const other = { ...participant, user_id: 'V' }
      const change = (user_name: string, version: number) =>
        store.upsertCheckpoint(other, { at: 9, checkpoint: checkpointAt(9, user_name) }, version)
      await change('two', 2)
      await change('one', 1)
      await change('again two', 2)
      expect(await store.readCheckpoints(other)).toEqual([checkpointAt(9, 'two')])
      await store.upsertCheckpoint(other, { at: 9, checkpoint: null }, 3)
      expect(await store.readCheckpoints(other)).toEqual([])
      await change('two', 2)
      expect(await store.readCheckpoints(other)).toEqual([])
    })
  })
}
