import { describe, expect, it } from 'vitest'
import { documentedEvents, senderOf } from '../../../../core/protocol/event-senders.ts'
import { createApi, isoAfterNoon, noon } from './test-api.ts'

const hourMs = 3_600_000

// The clock of the test API is two hours after noon, which is 22:00 in its time zone, Asia/Shanghai.
describe('/api/callbacks', () => {
  it('has the callbacks of today in the time zone of the installation, by kind and sender', async () => {
    const { get, calls } = createApi({ countByKind: async () => ({ join: 3, warning_notify: 1, other: 2 }) })
    const { body } = await get('/api/callbacks')
    const period = { from: noon - 20 * hourMs, to: noon + 2 * hourMs }
    expect(calls).toEqual([
      ['countByKind', period],
      ['countRefusals', period],
    ])
    expect(body).toMatchObject({ from: isoAfterNoon(-20 * hourMs), to: isoAfterNoon(2 * hourMs), callbacks: 6 })
    const { kinds } = body as { kinds: { event: string; sent_by: string | null; callbacks: number }[] }
    expect(kinds).toHaveLength(14)
    expect(kinds.filter(({ callbacks }) => callbacks > 0)).toEqual([
      { event: 'join', sent_by: 'media_server', callbacks: 3 },
      { event: 'warning_notify', sent_by: 'master', callbacks: 1 },
      { event: 'other', sent_by: null, callbacks: 2 },
    ])
  })

  it('has the refused callbacks of the same interval, by each cause of 4xx', async () => {
    const { get } = createApi({ countRefusals: async () => ({ check_code_wrong: 12, too_large: 1 }) })
    const { body } = await get('/api/callbacks')
    expect(body).toMatchObject({
      callbacks: 0,
      refused: [
        { outcome: 'check_code_missing', callbacks: 0 },
        { outcome: 'check_code_wrong', callbacks: 12 },
        { outcome: 'identity_missing', callbacks: 0 },
        { outcome: 'unreadable', callbacks: 0 },
        { outcome: 'address_not_allowed', callbacks: 0 },
        { outcome: 'method_not_allowed', callbacks: 0 },
        { outcome: 'too_large', callbacks: 1 },
      ],
    })
  })

  it('counts whole minutes of an interval', async () => {
    const { get, calls } = createApi()
    const from = isoAfterNoon(-30_001)
    await get('/api/callbacks', `from=${from}&to=${isoAfterNoon(1)}`)
    expect(calls[0]).toEqual(['countByKind', { from: noon - 60_000, to: noon + 60_000 }])
  })

  it('begins at the midnight before the end of the interval by default', async () => {
    const { get, calls } = createApi()
    await get('/api/callbacks', `to=${isoAfterNoon(4 * hourMs)}`)
    expect(calls[0]).toEqual(['countByKind', { from: noon - 20 * hourMs, to: noon + 4 * hourMs }])
  })

  it.each([
    'to=9999-12-31T23:59:59.999Z',
    'to=9999-12-31T23:59-12:00',
    'to=2150-01-01T00:00Z',
    'to=1970-01-01T00:00:01Z',
  ])('has the callbacks of a day for %s', async (query) => {
    const { body } = await createApi().get('/api/callbacks', query)
    expect(body).toMatchObject({ callbacks: 0 })
  })

  it('refuses an end before 1970', async () => {
    const { get } = createApi()
    for (const query of ['to=0001-01-01T00:00Z', 'from=1969-01-01T00:00Z&to=1969-02-01T00:00Z'])
      expect(await get('/api/callbacks', query)).toMatchObject({
        status: 400,
        body: { msg: expect.stringContaining('"to"') },
      })
  })

  it('refuses an interval of more than 31 days, or one that begins after now', async () => {
    const { get, calls } = createApi()
    for (const from of [-32 * 24 * hourMs, 3 * hourMs])
      expect(await get('/api/callbacks', `from=${isoAfterNoon(from)}`)).toMatchObject({ status: 400 })
    expect(calls).toEqual([])
  })
})

describe('senderOf', () => {
  it('knows the thirteen events of the document', () => {
    expect(documentedEvents).toHaveLength(13)
    expect(documentedEvents.filter((event) => senderOf(event) === 'master')).toEqual(['warning_notify'])
    expect([senderOf('name_room'), senderOf('hologram_on')]).toEqual([null, null])
  })
})
