import { beforeAll, describe, expect, it } from 'vitest'
import type { Page } from '../../core/ports/page.ts'
import type { ProjectionStore } from '../../core/ports/projection-store.ts'
import { emptyProjection, type Projection } from '../../core/projection/projection.ts'
import { noMedia } from '../../core/state/media.ts'
import { orderKey } from '../../core/state/order.ts'
import type { ParticipantState } from '../../core/state/participant.ts'
import { event } from '../support/events.ts'

const session = { joined_at: 1, start_estimated: false, endpoint_type: null, reconnects: 0, end: null }
const end = { at: 2, reason: 'offline', estimated: true }
const left: ParticipantState = { kind: 'participant', user_name: null, session: { ...session, end }, ...noMedia }

const undecided_ends = [{ end, if_void: { ...left, session } }]

const watermarkAt = (at: number) => orderKey(event('leave', {}, { at, trace: '𝄞' }))

function participant(room_id: string, user_id: string, changes: Partial<Projection>): Projection {
  return { ...emptyProjection({ kind: 'participant', room_id, user_id }), state: left, ...changes }
}

async function readPages(store: ProjectionStore, roomId: string, since: number) {
  const pages: string[][] = []
  let cursor: string | null = null
  do {
    const page: Page<Projection> = await store.readCloseCandidates(roomId, { since, cursor })
    pages.push(page.items.flatMap(({ aggregate }) => ('user_id' in aggregate ? [aggregate.user_id] : [])))
    cursor = page.cursor
  } while (cursor !== null)
  return pages
}

/** Tests of `ProjectionStore.readCloseCandidates`. @param open returns an empty store. */
export function closeCandidatesContract(open: () => Promise<ProjectionStore>): void {
  describe('the participants of a room whom a close can concern', () => {
    let store: ProjectionStore
    beforeAll(async () => {
      store = await open()
    })

    it('are those who may be present, who were active since, or who have pending session writes', async () => {
      const old = watermarkAt(5)
      const projections = [
        participant('R', 'left before', { watermark: watermarkAt(99) }),
        participant('R', 'left at the time of the close', { watermark: watermarkAt(100) }),
        participant('R', 'left afterwards', { watermark: watermarkAt(1000) }),
        participant('R', 'is present', { watermark: old, state: { ...left, session } }),
        participant('R', 'left, but the end may be void', { watermark: old, state: { ...left, undecided_ends } }),
        participant('R', 'has a pending session write', {
          watermark: old,
          pendingPastWrites: [{ key: '7', entry: null, at: 7 }],
        }),
        participant('R', 'was never present', { watermark: old, state: { ...left, session: null } }),
        participant('R/2', 'is in another room', { watermark: watermarkAt(200), state: { ...left, session } }),
        { ...emptyProjection({ kind: 'room', room_id: 'R' }), watermark: watermarkAt(200) },
      ]
      for (const projection of projections) expect(await store.write(projection)).toBe('written')
      const always = ['has a pending session write', 'is present', 'left, but the end may be void']
      const active = ['left afterwards', 'left at the time of the close']
      expect((await readPages(store, 'R', 100)).flat().toSorted()).toEqual([...always, ...active].toSorted())
      expect((await readPages(store, 'R', 1001)).flat().toSorted()).toEqual(always)
    })

    it('are each on exactly one page of a large room', async () => {
      const userIds = Array.from({ length: 40 }, (_, index) => `user ${index}`)
      // A query reads 1 MB of a partition of the room.
      const user_name = 'x'.repeat(300_000)
      for (const id of userIds) {
        const watermark = watermarkAt(id.endsWith('7') ? 100 : 5)
        await store.write(participant('large', id, { watermark, state: { ...left, user_name } }))
      }
      expect((await readPages(store, 'large', 0)).flat().toSorted()).toEqual(userIds.toSorted())
      expect((await readPages(store, 'large', 100)).flat().toSorted()).toEqual([
        'user 17',
        'user 27',
        'user 37',
        'user 7',
      ])
    })
  })
}
