import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fieldCases, paramsOf } from '../support/field-cases.ts'
import { type System, startSystem } from '../support/system.ts'

type RoomBody = {
  room: { present: number; reopened: number }
  participants: { user_id: string; status: string; reconnects: number; streams: { stream_id: string }[] }[]
}

describe('the running system', () => {
  let system: System
  beforeAll(async () => {
    system = await startSystem()
  })
  afterAll(() => system.run.stop())

  it.each(fieldCases.map((fieldCase, index) => ({ fieldCase, name: fieldCase.name, roomId: `R${index}` })))(
    'shows the expected state for the field case "$name", delivered in reverse and twice',
    async ({ fieldCase, roomId }) => {
      const deliveries = paramsOf(fieldCase, roomId).toReversed()
      for (const { params, received_at, source } of [...deliveries, ...deliveries])
        await system.enqueue(params, received_at, source)
      await system.settle()
      const { room, participants } = (await system.query(`/api/rooms/${roomId}`)).body as RoomBody
      const { expect: expected } = fieldCase
      expect(room.present).toBe(expected.present)
      const { opened_at: _opened, closed_at: _closed, ...expectedRoom } = expected.room ?? {}
      expect(room).toMatchObject(expectedRoom)
      for (const [user_id, { status, reconnects, streams }] of Object.entries(expected.participants)) {
        const found = participants.find((participant) => participant.user_id === user_id)
        if (status !== undefined) expect(found?.status).toBe(status)
        if (reconnects !== undefined) expect(found?.reconnects).toBe(reconnects)
        if (streams !== undefined) expect(found?.streams.map(({ stream_id }) => stream_id).sort()).toEqual(streams)
      }
      if (expected.recordings !== undefined) {
        const { body } = await system.query(`/api/recordings?room_id=${roomId}`)
        const { items } = body as { items: unknown[] }
        // Recordings that began at the same time come in any order.
        expect(items).toHaveLength(expected.recordings.length)
        expect(items).toEqual(expect.arrayContaining(expected.recordings.map((one) => expect.objectContaining(one))))
      }
      if (expected.sessions === undefined) return
      const { body } = await system.query(`/api/rooms/${roomId}/sessions`)
      expect((body as { items: unknown[] }).items).toHaveLength(expected.sessions)
    },
  )
})
