import { describe, expect, it } from 'vitest'
import { allTime } from '../../../../core/ports/period.ts'
import type { RoomTimelineRequest } from '../../../../core/ports/room-reader.ts'
import { event } from '../../../support/events.ts'
import { createApi, noon } from './test-api.ts'

const dayMs = 86_400_000

async function periodOf(query: string): Promise<unknown> {
  const { get, calls } = createApi()
  await get('/api/events', `room_id=R&${query}`)
  const [, , request] = calls[0] ?? []
  return (request as { period?: unknown } | undefined)?.period
}

describe('an interval in a query', () => {
  it.each([
    ['', allTime],
    ['from=2024-11-24T12:00:00Z', { ...allTime, from: noon }],
    ['to=2024-11-24T12:00:00.000Z', { ...allTime, to: noon }],
    ['from=2024-11-24T12:00Z&to=2024-11-25T12:00Z', { from: noon, to: noon + dayMs }],
    ['from=2024-11-24T20:00:00%2B08:00', { ...allTime, from: noon }],
    ['from=2024-11-24T20:00:00+08:00', { ...allTime, from: noon }],
    ['from=2024-11-24T07:30:00.5-04:30', { ...allTime, from: noon + 500 }],
    ['from=1960-01-01T00:00:00Z', allTime],
  ])('is read from %j', async (query, period) => {
    expect(await periodOf(query)).toEqual(period)
  })

  it.each([
    ['from=2024-11-24', 'from'],
    ['from=2024-11-24T12:00:00', 'from'],
    ['to=1732449600000', 'to'],
    ['to=2024-02-30T12:00:00Z', 'to'],
    ['to=', 'to'],
    ['from=2024-11-24T12:00:00Z&to=2024-11-24T12:00:00Z', 'to'],
    ['from=2024-11-24T12:00:00Z&to=2024-11-24T19:59:00%2B08:00', 'to'],
  ])('is refused if it is %s, with a message that names %s', async (query, name) => {
    const { get, calls } = createApi()
    for (const path of ['/api/events?room_id=R&', '/api/events?box_code=B&', '/api/rooms/R/events?']) {
      const [route = '', fixed = ''] = path.split('?')
      const response = await get(route, `${fixed}${query}`)
      expect(response).toMatchObject({ status: 400, body: { msg: expect.stringContaining(`"${name}"`) } })
    }
    expect(calls).toEqual([])
  })
})

describe('the filters of /api/events', () => {
  it('are passed on', async () => {
    const { get, calls } = createApi()
    await get('/api/events', 'room_id=R&user_id=U&event=join&order=newest&limit=5')
    const request = { limit: 5, cursor: null, order: 'newest', period: allTime, user_id: 'U', event: 'join' }
    expect(calls[0]).toEqual(['readTimeline', 'R', request])
    await get('/api/events', 'box_code=B&order=newest')
    expect(calls.at(-1)).toEqual(['readWarnings', 'B', { limit: 100, cursor: null, order: 'newest', period: allTime }])
  })

  it('give an empty list for a known room or media server, and 404 for an unknown one', async () => {
    const known = { items: [{ event: event('open'), quarantined: undefined }], cursor: null }
    const onlyUnfiltered = async (_id: string, { period = allTime, user_id }: RoomTimelineRequest) =>
      user_id === undefined && period.to === allTime.to ? known : { items: [], cursor: null }
    const { get } = createApi({ readTimeline: onlyUnfiltered, readWarnings: onlyUnfiltered })
    for (const query of ['room_id=R&user_id=U', 'room_id=R&to=2020-01-01T00:00Z', 'box_code=B&to=2020-01-01T00:00Z'])
      expect(await get('/api/events', query)).toMatchObject({ status: 200, body: { items: [], cursor: null } })
    for (const query of ['room_id=R&user_id=U', 'box_code=B', 'box_code=B&to=2020-01-01T00:00Z'])
      expect(await createApi().get('/api/events', query)).toMatchObject({ status: 404 })
  })

  it.each(['room_id=R&box_code=B', 'box_code=B&user_id=U', 'box_code=B&event=join', 'box_code=', 'user_id=U'])(
    'are refused in the combination %s',
    async (query) => {
      expect(await createApi().get('/api/events', query)).toMatchObject({ status: 400 })
    },
  )
})
