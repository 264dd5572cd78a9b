import { describe, expect, it } from 'vitest'
import { event } from '../../../support/events.ts'
import { createApi, noon } from './test-api.ts'

describe('a response of about 6 MB', () => {
  /** Lambda measures the whole response as JSON, in which the quotes and backslashes of the body are escaped. */
  const maxBytes = 6 * 1024 * 1024
  /** @returns the status of a page of events that as the function's JSON has this many bytes. */
  async function statusOfPage(filler: string, bytes: number): Promise<number> {
    const read = async (text: string) => {
      const item = { event: event('open', { text }, { at: noon, trace: 't' }), quarantined: undefined }
      const { getRaw } = createApi({ readTimeline: async () => ({ items: [item], cursor: null }) })
      return getRaw('/api/events', 'room_id=R')
    }
    const sizeOf = async (text: string) => Buffer.byteLength(JSON.stringify(await read(text)))
    const empty = await sizeOf('')
    const perFiller = (await sizeOf(filler)) - empty
    const count = Math.floor((bytes - empty) / perFiller)
    const padding = 'x'.repeat(bytes - empty - count * perFiller)
    return (await read(filler.repeat(count) + padding)).statusCode ?? 200
  }

  it.each(['x', '王', '"', '\\', '\u0001'])(
    'of %j is sent up to the limit of Lambda, and gets 413 above it',
    async (filler) => {
      expect(await statusOfPage(filler, maxBytes)).toBe(200)
      expect(await statusOfPage(filler, maxBytes + 1)).toBe(413)
    },
  )

  it('of the timeline, which has no limit, is refused with the advice to shorten the interval', async () => {
    const session = { joined_at: noon, start_estimated: false, endpoint_type: null, reconnects: 0, end: null }
    const row = { room_id: 'R', user_id: 'x'.repeat(4_000), user_name: null, session }
    const rows = Array.from({ length: 1_600 }, (_, index) => ({ ...row, user_id: `${row.user_id}${index}` }))
    const { get } = createApi({ readRoomSessions: async () => rows })
    const body = { ret: 413, msg: 'the response exceeds 6 MB as JSON; use a shorter interval' }
    expect(await get('/api/timeline', 'room_id=R&from=2024-11-24T00:00Z')).toMatchObject({ status: 413, body })
    const page = { ret: 413, msg: 'the response exceeds 6 MB as JSON; use a smaller "limit"' }
    expect(await get('/api/attendance', 'room_id=R&format=csv')).toMatchObject({ status: 413, body: page })
  })
})
