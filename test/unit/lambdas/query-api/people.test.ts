import { describe, expect, it } from 'vitest'
import type { DirectoryEntry } from '../../../../core/people/directory.ts'
import { createApi, isoAfterNoon, noon } from './test-api.ts'

const entry = (user_id: string, seenAfterNoon: number): DirectoryEntry => {
  return { user_id, user_name: user_id.toUpperCase(), room_id: 'A', seen_at: noon + seenAfterNoon }
}

function createPeopleApi() {
  return createApi({
    now: () => noon + 9000,
    listPeople: async () => ({ items: [entry('ann', 1), entry('bob', 2), entry('cat', 3)], cursor: 'next' }),
    readLastSeen: async (entries) =>
      new Map(entries.filter(({ user_id }) => user_id === 'bob').map((each) => [each.user_id, noon + 5])),
    readOpenRooms: async () => ({
      rooms: [],
      present: [
        { user_id: 'ann', room_id: 'B' },
        { user_id: 'ann', room_id: 'A' },
        { user_id: 'zoe', room_id: 'A' },
      ],
    }),
  })
}

describe('GET /api/people', () => {
  it('has the rooms in which people are now, and when the others were last seen', async () => {
    const { status, body } = await createPeopleApi().get('/api/people', 'q=a')
    expect([status, body]).toEqual([
      200,
      {
        items: [
          { user_id: 'ann', user_name: 'ANN', last_seen_at: isoAfterNoon(9000), present_in: ['A', 'B'] },
          { user_id: 'bob', user_name: 'BOB', last_seen_at: isoAfterNoon(5), present_in: [] },
          { user_id: 'cat', user_name: 'CAT', last_seen_at: isoAfterNoon(3), present_in: [] },
        ],
        cursor: 'next',
      },
    ])
  })

  it('passes the text, the limit and the cursor to the search', async () => {
    const api = createPeopleApi()
    await api.get('/api/people', 'q=%E7%8E%8B&limit=7&cursor=c')
    expect(api.calls).toEqual([['listPeople', { q: '王', limit: 7, cursor: 'c' }]])
  })

  it('refuses an empty text', async () => {
    expect(await createPeopleApi().get('/api/people', 'q=')).toMatchObject({
      status: 400,
      body: { msg: 'parameter "q" must not be empty' },
    })
  })
})
