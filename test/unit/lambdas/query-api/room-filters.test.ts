import { describe, expect, it } from 'vitest'
import { allTime } from '../../../../core/ports/period.ts'
import { createApi, noon } from './test-api.ts'

describe('the filters of /api/rooms', () => {
  it('are passed on', async () => {
    const { get, calls } = createApi()
    await get('/api/rooms', 'status=closed&from=2024-11-24T12:00Z&q=A%20b&limit=3')
    await get('/api/rooms', '')
    const period = { ...allTime, from: noon }
    expect(calls).toEqual([
      ['listRooms', 'closed', { limit: 3, cursor: null, period, q: 'A b' }],
      ['listRooms', 'open', { limit: 100, cursor: null, period: undefined, q: undefined }],
    ])
  })

  it.each(['room_id=R&q=x', 'room_id=R&from=2024-11-24T12:00Z', 'q=', 'q=%20', `q=${'x'.repeat(257)}`])(
    'are refused as %s',
    async (query) => {
      const { get, calls } = createApi()
      expect(await get('/api/rooms', query)).toMatchObject({ status: 400 })
      expect(calls).toEqual([])
    },
  )
})
