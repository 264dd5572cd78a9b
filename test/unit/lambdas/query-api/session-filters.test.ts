import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SessionRow } from '../../../../core/ports/session-reader.ts'
import { event } from '../../../support/events.ts'
import { createApi, isoAfterNoon, noon } from './test-api.ts'

function sessionOf(user_id: string, joinedAt: number, leftAt: number): SessionRow {
  const end = { at: noon + leftAt, reason: 'normal', estimated: false }
  const session = { joined_at: noon + joinedAt, start_estimated: false, endpoint_type: 'web', reconnects: 0, end }
  return { room_id: 'R', user_id, user_name: null, session }
}

const anySessions = fc
  .uniqueArray(fc.tuple(fc.constantFrom('U1', 'U2', 'U3'), fc.integer({ min: 0, max: 20 })), {
    selector: String,
    maxLength: 20,
  })
  .map((starts) => starts.map(([user, joinedAt]) => sessionOf(user, joinedAt, joinedAt + (joinedAt % 5) + 1)))

type Body = {
  readonly items: readonly { readonly user_id: string; readonly joined_at: string }[]
  readonly cursor: string | null
}

describe('/api/sessions of a room with an interval', () => {
  it('has each session that overlaps the interval once, by start, on pages of any size', async () => {
    await fc.assert(
      fc.asyncProperty(
        anySessions,
        fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 20 })),
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom('oldest', 'newest'),
        async (rows, [from, length], limit, order) => {
          const { get } = createApi({ readRoomSessions: async () => [...rows] })
          const query = `room_id=R&from=${isoAfterNoon(from)}&to=${isoAfterNoon(from + length)}&limit=${limit}&order=${order}`
          const found: string[] = []
          for (let cursor: string | null = ''; cursor !== null; ) {
            const response = await get('/api/sessions', `${query}&cursor=${cursor}`)
            if (response.status === 404) break
            const body = response.body as Body
            found.push(...body.items.map(({ user_id, joined_at }) => `${joined_at} ${user_id}`))
            cursor = body.cursor
          }
          const wanted = rows
            .filter(({ session }) => session.joined_at < noon + from + length && (session.end?.at ?? 0) > noon + from)
            .map(({ user_id, session }) => `${isoAfterNoon(session.joined_at - noon)} ${user_id}`)
            .sort()
          expect(found).toEqual(order === 'oldest' ? wanted : wanted.reverse())
        },
      ),
      { numRuns: 100 },
    )
  })

  it('reads the sessions once for a CSV file', async () => {
    const rows = Array.from({ length: 2500 }, (_, index) => sessionOf('U', index, index + 1))
    const { getRaw, calls } = createApi({ readRoomSessions: async () => rows })
    const { body } = await getRaw('/api/sessions', `room_id=R&from=${isoAfterNoon(0)}&format=csv`)
    expect(body?.split('\r\n')).toHaveLength(2502)
    expect(calls.map(([method]) => method)).toEqual(['readRoomSessions'])
  })

  it('is empty for a known room, and 404 for an unknown one', async () => {
    const readTimeline = async () => ({ items: [{ event: event('open'), quarantined: undefined }], cursor: null })
    const query = `room_id=R&from=${isoAfterNoon(0)}`
    expect(await createApi({ readTimeline }).get('/api/sessions', query)).toMatchObject({
      status: 200,
      body: { items: [] },
    })
    expect(await createApi().get('/api/sessions', query)).toMatchObject({ status: 404 })
  })

  it('rejects a cursor of another list', async () => {
    for (const cursor of ['x', Buffer.from('["attendance",1,"U"]').toString('base64url')])
      expect(
        await createApi().get('/api/sessions', `room_id=R&from=${isoAfterNoon(0)}&cursor=${cursor}`),
      ).toMatchObject({
        status: 400,
      })
  })
})

describe('/api/sessions of a user with an interval', () => {
  it('passes the interval on, is empty for a known user, and 404 for an unknown one', async () => {
    const { get, calls } = createApi()
    const query = `user_id=U&from=${isoAfterNoon(0)}&to=${isoAfterNoon(1)}`
    expect(await get('/api/sessions', query)).toMatchObject({ status: 404 })
    expect(calls[0]).toEqual(['listByUser', 'U', { limit: 100, cursor: null, period: { from: noon, to: noon + 1 } }])
    const row = sessionOf('U', 5, 6)
    const listByUser = async (_id: string, { period }: { readonly period?: object | undefined }) => ({
      items: period === undefined ? [row] : [],
      cursor: null,
    })
    for (const path of ['/api/sessions', '/api/users/U/sessions']) {
      const known = createApi({ listByUser })
      expect(await known.get(path, path === '/api/sessions' ? query : query.slice('user_id=U&'.length))).toMatchObject({
        status: 200,
        body: { items: [] },
      })
    }
  })
})
