import { describe, expect, it } from 'vitest'
import type { NorthboundEvent } from '../../../../core/protocol/events.ts'
import { streamOf } from '../../../../core/state/aggregate.ts'
import { fold } from '../../../../core/state/fold.ts'
import { rules } from '../../../support/apply.ts'
import { event } from '../../../support/events.ts'
import { readSheet } from '../../../support/read-xlsx.ts'
import { sessionRowsOf } from '../../../support/room-openings.ts'
import { createApi, isoAfterNoon, noon } from './test-api.ts'

const minute = 60_000

const at = (name: string, minutes: number, params: Record<string, string> = {}) =>
  event(name, params, { at: noon + minutes * minute })

const first = [at('open', 0), at('join', 1, { user_id: '0012', user_name: '=Ann' }), at('join', 2, { user_id: 'B' })]
const lessons = [
  ...first,
  at('close', 31, { event_type: 'user' }),
  at('open', 60),
  at('join', 61, { user_id: '0012', user_name: 'Ann', endpoint_type: 'web' }),
]

/** An API over the stores after these events. */
function apiAfter(events: readonly NorthboundEvent[]) {
  const room = fold(events, rules).get(streamOf({ kind: 'room', room_id: 'R' }))
  return createApi({
    async readRoomRecord() {
      return {
        room: room?.kind === 'room' ? room : undefined,
        events: events.filter(({ data }) => /open|close/.test(data.event)),
      }
    },
    async readRoomSessions(roomId) {
      return sessionRowsOf(events, roomId)
    },
  })
}

const firstMeeting = {
  room_id: 'R',
  opened_at: isoAfterNoon(0),
  closed_at: isoAfterNoon(31 * minute),
  close_reason: 'user',
  seconds: 31 * 60,
  people: 2,
  peak: 2,
  person_seconds: (30 + 29) * 60,
  estimated: false,
}
const lastingMeeting = {
  room_id: 'R',
  opened_at: isoAfterNoon(60 * minute),
  closed_at: null,
  close_reason: null,
  seconds: 60 * 60,
  people: 1,
  peak: 1,
  person_seconds: 59 * 60,
  estimated: false,
}

describe('GET /api/meetings', () => {
  it('lists the meetings of a room, the last of which counts until now', async () => {
    const { body } = await apiAfter(lessons).get('/api/meetings', 'room_id=R')
    expect(body).toEqual({ items: [firstMeeting, lastingMeeting], cursor: null })
  })

  it.each([
    ['oldest', [firstMeeting, lastingMeeting]],
    ['newest', [lastingMeeting, firstMeeting]],
  ])('is paged in the order %s', async (order, expected) => {
    const { get } = apiAfter(lessons)
    const query = `room_id=R&order=${order}&limit=1`
    const { body: page } = await get('/api/meetings', query)
    const { items, cursor } = page as { items: unknown[]; cursor: string }
    const { body: next } = await get('/api/meetings', `${query}&cursor=${cursor}`)
    expect([...items, ...(next as { items: unknown[] }).items]).toEqual(expected)
    expect(next).toHaveProperty('cursor', null)
  })

  it.each([
    [`from=${isoAfterNoon(31 * minute)}`, [lastingMeeting]],
    [`to=${isoAfterNoon(60 * minute)}`, [firstMeeting]],
    [`from=${isoAfterNoon(30 * minute)}&to=${isoAfterNoon(61 * minute)}`, [firstMeeting, lastingMeeting]],
  ])('lists only the meetings that overlap the interval %s', async (period, items) => {
    const { body } = await apiAfter(lessons).get('/api/meetings', `room_id=R&${period}`)
    expect(body).toEqual({ items, cursor: null })
  })

  it('lists a meeting that was closed in the millisecond in which it was opened once', async () => {
    const { get } = apiAfter([...lessons, at('close', 90, { event_type: 'user' }), at('open', 100), at('close', 100)])
    const { body } = await get('/api/meetings', 'room_id=R')
    expect(body).toMatchObject({ items: [{}, {}, { opened_at: isoAfterNoon(100 * minute), seconds: 0 }] })
  })

  it('reads only what a close and an open before the interval have not made irrelevant', async () => {
    const third = [at('close', 90, { event_type: 'user' }), at('open', 100), at('join', 101, { user_id: 'B' })]
    const { get, calls } = apiAfter([...lessons, ...third])
    const { body } = await get('/api/meetings', `room_id=R&from=${isoAfterNoon(70 * minute)}`)
    const opened = (body as { items: { opened_at: string }[] }).items.map(({ opened_at }) => opened_at)
    expect(opened).toEqual([isoAfterNoon(60 * minute), isoAfterNoon(100 * minute)])
    expect(calls).toContainEqual(['readRoomSessions', 'R', { from: noon + 31 * minute, to: expect.any(Number) }])
  })

  it('is offered as CSV in local time', async () => {
    const { getRaw } = apiAfter(lessons)
    const { body, headers } = await getRaw('/api/meetings', 'room_id=R&format=csv&lang=zh')
    expect(body?.split('\r\n').slice(0, 2)).toEqual([
      '\u{FEFF}开始,结束,时长（分钟）,人数,最多同时在线,累计在线分钟数,结束原因,含推断',
      '2024-11-24 20:00:00,2024-11-24 20:31:00,31,2,2,59,用户关闭,否',
    ])
    expect(headers).toMatchObject({ 'content-disposition': 'attachment; filename="meetings.csv"' })
  })

  it.each([
    ['', 404, 'room'],
    ['&cursor=x', 400, 'cursor'],
    ['&cursor=WyJhdHRlbmRhbmNlIiwxLCJBIl0', 400, 'cursor'],
    ['&lang=fr', 400, 'lang'],
    ['&from=yesterday', 400, 'from'],
  ])('refuses the query %j of an unknown room with %i', async (query, status, text) => {
    const response = await createApi().get('/api/meetings', `room_id=R${query}`)
    expect(response.status).toBe(status)
    expect(JSON.stringify(response.body)).toContain(text)
  })
})

describe('GET /api/attendance', () => {
  it('has one row a person, and pages them', async () => {
    const { get, calls } = apiAfter(lessons)
    const { body } = await get('/api/attendance', `room_id=R&limit=1&from=${isoAfterNoon(0)}`)
    const { items, cursor } = body as { items: unknown[]; cursor: string }
    expect(items).toEqual([
      {
        user_id: '0012',
        user_name: 'Ann',
        first_joined_at: isoAfterNoon(minute),
        last_left_at: null,
        seconds: (30 + 59) * 60,
        sessions: 2,
        reconnects: 0,
        endpoint_types: ['web'],
        estimated: false,
      },
    ])
    expect(calls).toContainEqual(['readRoomSessions', 'R', { from: noon, to: expect.any(Number) }])
    const query = `room_id=R&limit=1&from=${isoAfterNoon(0)}&cursor=${cursor}`
    const { body: next } = await get('/api/attendance', query)
    expect(next).toMatchObject({ items: [{ user_id: 'B', seconds: 29 * 60 }], cursor: null })
  })

  it.each([
    ['en', 'User ID,Name,First joined,Last left,Minutes,Sessions,Reconnects,Endpoints,Estimated', 'no'],
    ['zh', '用户 ID,姓名,首次加入,最后离开,在线分钟数,进入次数,重连次数,终端类型,含推断', '否'],
  ])('is offered as CSV in the language %s, in local time and with ids as text', async (lang, titles, no) => {
    const { getRaw } = apiAfter(first)
    const { body } = await getRaw('/api/attendance', `room_id=R&format=csv&lang=${lang}`)
    expect(body).toBe(
      `\u{FEFF}${titles}\r\n'0012,'=Ann,2024-11-24 20:01:00,,119,1,0,,${no}\r\nB,,2024-11-24 20:02:00,,118,1,0,,${no}\r\n`,
    )
  })

  it('is offered as a workbook, whose parts all have titles', async () => {
    const { getRaw } = apiAfter(first)
    const query = 'room_id=R&format=xlsx&lang=zh&limit=1'
    const { body = '', headers, isBase64Encoded } = await getRaw('/api/attendance', query)
    expect(isBase64Encoded).toBe(true)
    expect(headers).toMatchObject({
      'content-type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      'content-disposition': 'attachment; filename="attendance.xlsx"',
    })
    const { body: next = '' } = await getRaw('/api/attendance', `${query}&cursor=${headers?.['x-next-cursor']}`)
    const ids = [body, next].map((part) => readSheet(Buffer.from(part, 'base64')).map(([cell]) => cell?.value))
    expect(ids).toEqual([
      ['用户 ID', '0012'],
      ['用户 ID', 'B'],
    ])
  })

  it('continues a CSV file without titles', async () => {
    const { getRaw } = apiAfter(first)
    const { headers } = await getRaw('/api/attendance', 'room_id=R&format=csv&limit=1')
    const cursor = headers?.['x-next-cursor']
    const { body } = await getRaw('/api/attendance', `room_id=R&format=csv&limit=1&cursor=${cursor}`)
    expect(body).toMatch(/^B,/)
  })

  it.each([
    ['', 404],
    ['&cursor=x', 400],
    ['&format=pdf', 400],
  ])('refuses the query %j of an unknown room with %i', async (query, status) => {
    expect(await createApi().get('/api/attendance', `room_id=R${query}`)).toMatchObject({ status })
  })
})
