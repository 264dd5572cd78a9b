import { describe, expect, it } from 'vitest'
import { allTime } from '../../../../core/ports/period.ts'
import { createTextFilter } from '../../../../core/search/text-filter.ts'
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

  it.each(['room_id=R&q=x', 'room_id=R&from=2024-11-24T12:00Z', 'q=', `q=${'x'.repeat(257)}`])(
    'are refused as %s',
    async (query) => {
      const { get, calls } = createApi()
      expect(await get('/api/rooms', query)).toMatchObject({ status: 400 })
      expect(calls).toEqual([])
    },
  )
})

describe('createTextFilter', () => {
  it('finds a part of any of the texts, whatever the case and the width of the characters', () => {
    const matches = createTextFilter('Äb１')
    expect(matches('xÄB1y')).toBe(true)
    expect(matches('x', 'äb1')).toBe(true)
    expect(matches('ab1', null, undefined)).toBe(false)
    expect(createTextFilter(undefined)(null)).toBe(true)
  })
})
