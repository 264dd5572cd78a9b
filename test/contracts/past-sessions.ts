import { beforeAll, describe, expect, it } from 'vitest'
import type { ProjectionStore } from '../../core/ports/projection-store.ts'
import { timeKey } from '../../core/state/order.ts'

export const pastSession = (joined_at: number) => ({
  joined_at,
  start_estimated: false,
  endpoint_type: 'web',
  reconnects: 1,
  end: { at: joined_at + 10, reason: 'normal', estimated: false },
  user_name: '王',
})

/** Tests of the past sessions in a projection store. @param open returns an empty store. */
export function pastSessionsContract(open: () => Promise<ProjectionStore>): void {
  describe('past sessions', () => {
    let store: ProjectionStore
    beforeAll(async () => {
      store = await open()
    })
    const participant = (user_id: string) => ({ kind: 'participant', room_id: 'R', user_id }) as const

    it('are read in order, for one participant only', async () => {
      for (const user_id of ['a', 'a/b', 'a%', 'ab'])
        for (const at of [900, 1000])
          await store.upsertPastEntry(participant(user_id), { key: timeKey(at), entry: pastSession(at) }, 3)
      expect(await store.readPastEntries(participant('a'), 0)).toEqual([pastSession(900), pastSession(1000)])
      expect(await store.readPastEntries(participant('a'), 901)).toEqual([pastSession(1000)])
      expect(await store.readPastEntries(participant('unknown'), 0)).toEqual([])
    })

    it('are read for a whole room, without those that ended earlier or were removed', async () => {
      for (const [room_id, user_id, at] of [
        ['whole', 'a', 900],
        ['whole', 'b', 1000],
        ['whole', 'c', 100],
        ['whole/2', 'd', 1000],
      ] as const)
        await store.upsertPastEntry(
          { kind: 'participant', room_id, user_id },
          { key: timeKey(at), entry: pastSession(at) },
          3,
        )
      await store.upsertPastEntry(
        { kind: 'participant', room_id: 'whole', user_id: 'e' },
        { key: timeKey(1000), entry: null, at: 1000 },
        3,
      )
      const read = await store.readPastSessionsOfRoom('whole', 910)
      expect(read.toSorted((one, other) => one.joined_at - other.joined_at)).toEqual([
        { user_id: 'a', joined_at: 900, left_at: 910 },
        { user_id: 'b', joined_at: 1000, left_at: 1010 },
      ])
    })

    it('are those of the latest version of the projection, regardless of the order of writes', async () => {
      const write = (version: number, user_name: string | null) =>
        store.upsertPastEntry(
          participant('v'),
          user_name === null
            ? { key: timeKey(5), entry: null, at: 5 }
            : { key: timeKey(5), entry: { ...pastSession(5), user_name } },
          version,
        )
      await write(4, 'four')
      await write(3, 'three')
      expect(await store.readPastEntries(participant('v'), 0)).toMatchObject([{ user_name: 'four' }])
      await write(6, null)
      await write(5, 'five')
      expect(await store.readPastEntries(participant('v'), 0)).toEqual([])
      await write(7, 'seven')
      expect(await store.readPastEntries(participant('v'), 0)).toMatchObject([{ user_name: 'seven' }])
    })
  })
}
