import { describe, expect, it } from 'vitest'
import type { RoomTimelineRequest } from '../../../../core/ports/room-reader.ts'
import { event } from '../../../support/events.ts'
import { createApi, isoAfterNoon, noon } from './test-api.ts'

const audio = { stream_id: 'a', stream_type: 'audio' }
const session = {
  joined_at: noon - 60_000,
  start_estimated: false,
  endpoint_type: 'web',
  reconnects: 1,
  end: { at: noon + 90_000, reason: 'normal', estimated: false },
} as const
const row = { room_id: 'R', user_id: 'U', user_name: 'Ann', session }

const events = [
  event('join', {}, { at: session.joined_at }),
  event('publish', audio, { at: noon - 30_000 }),
  event('join', {}, { at: noon + 1000 }),
  event('publish', { ...audio, stream_type: 'video' }, { at: noon + 10_000 }),
  event('leave', { event_type: 'normal' }, { at: noon + 90_000 }),
]

/** @param pages of the event log. */
function apiWith(pages: (typeof events)[], requests: RoomTimelineRequest[] = []) {
  return createApi({
    readRoomSessions: async () => [row],
    async readTimeline(_roomId, request) {
      const index = Number(request.cursor ?? 0)
      requests.push(request)
      const items = (pages[index] ?? []).map((one) => ({ event: one, quarantined: undefined }))
      return { items, cursor: index + 1 < pages.length ? String(index + 1) : null }
    },
  })
}

const query = `room_id=R&from=${isoAfterNoon(0)}&to=${isoAfterNoon(60_000)}`

describe('GET /api/timeline', () => {
  it('returns sessions, streams and reconnects that are in the interval, with the events since the first join', async () => {
    const requests: RoomTimelineRequest[] = []
    const { body } = await apiWith([events], requests).get('/api/timeline', query)
    expect(body).toEqual({
      room_id: 'R',
      from: isoAfterNoon(0),
      to: isoAfterNoon(60_000),
      people: [
        {
          user_id: 'U',
          user_name: 'Ann',
          sessions: [
            {
              joined_at: isoAfterNoon(-60_000),
              left_at: isoAfterNoon(90_000),
              leave_reason: 'normal',
              endpoint_type: 'web',
              estimated: false,
            },
          ],
          streams: [
            { stream_type: 'audio', from: isoAfterNoon(-30_000), to: isoAfterNoon(1000) },
            { stream_type: 'video', from: isoAfterNoon(10_000), to: isoAfterNoon(90_000) },
          ],
          reconnected_at: [isoAfterNoon(1000)],
        },
      ],
      media_known_until: null,
    })
    // Media may have overtaken the join.
    expect(requests[0]?.period).toEqual({ from: session.joined_at - 5000, to: noon + 60_000 })
  })

  it('leaves out people whose sessions only touch the interval', async () => {
    const before = { ...row, user_id: 'B', session: { ...session, end: { ...session.end, at: noon } } }
    const after = { ...row, user_id: 'A', session: { ...session, joined_at: noon + 60_000 } }
    const { get } = createApi({ readRoomSessions: async () => [before, after, row] })
    const { body } = await get('/api/timeline', query)
    expect(body).toMatchObject({ people: [{ user_id: 'U' }] })
  })

  it('shows a stream that was on before the events that are read', async () => {
    const joined_at = noon - 2 * 86_400_000
    const since = joined_at + 1000
    const present = {
      ...row,
      session: { ...session, joined_at, end: null },
      streams: [{ ...audio, since, resolution: null }],
    }
    const { get } = createApi({ readRoomSessions: async () => [present] })
    const { body } = await get('/api/timeline', query)
    expect(body).toMatchObject({
      people: [{ streams: [{ stream_type: 'audio', from: new Date(since).toISOString(), to: null }] }],
    })
  })

  it('takes an end beyond the year 9999', async () => {
    const { status } = await apiWith([events]).get(
      '/api/timeline',
      'room_id=R&from=2024-11-24T12:00Z&to=9999-12-31T23:59-12:00',
    )
    expect(status).toBe(200)
  })

  it('reads at most 20 pages of events, and says until when the media are known', async () => {
    const requests: RoomTimelineRequest[] = []
    const pages = Array.from({ length: 25 }, (_, index) => [event('update', {}, { at: noon + index })])
    const { body } = await apiWith(pages, requests).get('/api/timeline', query)
    expect(requests).toHaveLength(20)
    expect(body).toMatchObject({ media_known_until: isoAfterNoon(19) })
  })

  it.each([
    ['from=2024-11-24T12:00Z', /room_id/],
    ['room_id=R', /from/],
    ['room_id=R&from=noon', /from/],
    ['room_id=R&from=2024-11-24T12:00Z&to=2024-11-24T12:00Z', /to/],
  ])('refuses the query %s', async (sent, msg) => {
    expect(await createApi().get('/api/timeline', sent)).toMatchObject({
      status: 400,
      body: { msg: expect.stringMatching(msg) },
    })
  })
})
