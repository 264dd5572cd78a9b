import { describe, expect, it } from 'vitest'
import { nextQuery } from '../../../../adapters/avd/next-query.ts'
import { listUsers } from '../../../support/listed-rooms.ts'
import { readScript } from '../../../support/scripted-platform.ts'

const rooms = Array.from({ length: 5 }, (_, index) => ({ room_id: `R${index}`, users: [{ user_id: `U${index}` }] }))
const roomIds = rooms.map(({ room_id }) => room_id)

/** Serves the rooms two by two. @param stated fields of a page, from its number (from 0) and its number of rooms. */
async function readPages(
  pageOf: (query: Readonly<Record<string, string>>) => number,
  stated: (page: number, entries: number) => object,
) {
  const { people, error, queries } = await readScript({
    rooms: (query) => {
      const page = pageOf(query)
      const list = rooms.slice(page * 2, page * 2 + 2)
      return { ret: 0, list, ...stated(page, list.length) }
    },
  })
  return { ids: Object.keys(people ?? {}), error, queries }
}

describe('avdPlatform with a paged room list', () => {
  it.each([
    ['page and page_size', 'page', 1, (page: number) => ({ page: page + 1, page_size: 2 })],
    ['page only', 'page', 1, (page: number) => ({ page: page + 1 })],
    ['page from 0 and total', 'page', 0, (page: number) => ({ page, total: 5 })],
    [
      'pageNo, pageSize and totalPage',
      'pageNo',
      1,
      (page: number) => ({ pageNo: page + 1, pageSize: 2, totalPage: 3 }),
    ],
    ['pageNum and isLastPage', 'pageNum', 1, (page: number) => ({ pageNum: page + 1, isLastPage: page === 2 })],
    [
      'current_page and last_page',
      'page',
      1,
      (page: number) => ({ current_page: page + 1, last_page: 3, per_page: 2 }),
    ],
    [
      'number and totalPages',
      'page',
      0,
      (page: number) => ({ number: page, size: 2, totalPages: 3, last: page === 2 }),
    ],
    [
      'pageNum and nextPage',
      'pageNum',
      1,
      (page: number) => ({
        pageNum: page + 1,
        pageSize: 2,
        nextPage: page < 2 ? page + 2 : 0,
        isFirstPage: page === 0,
      }),
    ],
    [
      'pageInfo.endCursor',
      'after',
      0,
      (page: number) => ({ pageInfo: { hasNextPage: page < 2, endCursor: `${page + 1}`, startCursor: `${page}` } }),
    ],
    ['cursor and has_more', 'cursor', 0, (page: number) => ({ has_more: page < 2, cursor: `${page + 1}` })],
    ['pagination.current', 'current', 1, (page: number) => ({ pagination: { current: page + 1, size: 2, total: 5 } })],
    [
      'has_more and next_page',
      'page',
      1,
      (page: number) => ({ has_more: page < 2, next_page: page < 2 ? page + 2 : 0 }),
    ],
    [
      'a link',
      'page',
      1,
      (page: number) => ({ count: 5, next: page < 2 ? `http://x/list?token=t&page=${page + 2}` : null }),
    ],
  ] as const)('reads all pages by %s', async (_style, parameter, first, stated) => {
    const { ids, error } = await readPages((query) => Number(query[parameter] ?? first) - first, stated)
    expect({ ids, error }).toEqual({ ids: roomIds, error: '' })
  })

  it.each([
    ['offset', (page: number) => ({ offset: page * 2, limit: 2 })],
    ['offset', (page: number) => ({ offset: page * 2, total: 5 })],
    ['skip', (page: number) => ({ skip: page * 2, limit: 2, hasMore: page < 2 })],
  ] as const)('reads all pages by %s', async (parameter, stated) => {
    const { ids, error } = await readPages((query) => Number(query[parameter] ?? 0) / 2, stated)
    expect({ ids, error }).toEqual({ ids: roomIds, error: '' })
  })

  it.each(['next_cursor', 'nextCursor', 'next_page_token'] as const)('reads all pages by %s', async (name) => {
    const parameter = { next_cursor: 'cursor', nextCursor: 'cursor', next_page_token: 'page_token' }[name]
    const { ids, error } = await readPages(
      (query) => Number(query[parameter]?.slice(1) ?? 0),
      (page) => ({ [name]: page < 2 ? `c${page + 1}` : '' }),
    )
    expect({ ids, error }).toEqual({ ids: roomIds, error: '' })
  })

  it('takes only parameters of paging from a link, not its credentials', () => {
    const value = '/list?token=old&access_key=a&secret_key=s&page=2&limit=50#end'
    expect(nextQuery([{ path: 'next', name: 'next', meaning: 'next', value }], 50)).toEqual({ page: '2', limit: '50' })
  })

  it('rejects a list with a page that is not full before the last one', async () => {
    const state = (pageNo: number) => ({ ret: 0, pageNo, pageSize: 2, totalPage: 2 })
    const pages = [
      { ...state(1), list: rooms.slice(0, 1) },
      { ...state(2), list: rooms.slice(1, 2) },
    ]
    const { people, error } = await readScript({ rooms: pages })
    expect({ people, error }).toEqual({ people: undefined, error: expect.stringContaining('pageSize is 2') })
  })

  it('sends the page size back', async () => {
    const { queries } = await readPages(
      (query) => Number(query.pageNo ?? 1) - 1,
      (page) => ({ pageNo: page + 1, pageSize: 2, total: 5 }),
    )
    expect(queries).toEqual([{}, { pageNo: '2', pageSize: '2' }, { pageNo: '3', pageSize: '2' }])
  })

  it.each([
    ['ignores the parameter', () => ({ page: 1, page_size: 2 }), 'page_size is 2, but R1 is on two pages'],
    ['starts with the second page', () => ({ page: 2, page_size: 50 }), 'page is 2'],
    ['has a page before the first one', () => ({ prev_page: 1, total: 2 }), 'prev_page is 1'],
    [
      'says on an empty page that there is more',
      (parameters: number) => ({ page: 1, has_more: true, ...(parameters > 0 && { list: [] }) }),
      'has_more is true',
    ],
  ])('rejects a list that %s', async (_case, stated, message) => {
    const list = rooms.slice(0, 2)
    const { people, error } = await readScript({
      rooms: (query) => ({ ret: 0, list, ...stated(Object.keys(query).length) }),
    })
    expect({ people, error }).toEqual({ people: undefined, error: expect.stringContaining(message) })
  })
})

describe('avdPlatform with a room list that changes while it is read', () => {
  const page = (number: number, total: number, list: readonly object[]) => ({
    ret: 0,
    page: number,
    page_size: 2,
    total,
    list,
  })
  const [r0, r1, r2, r3, r4] = rooms as unknown as [object, object, object, object, object]
  const complete = [page(1, 3, [r0, r2]), page(2, 3, [r3])]

  it.each([
    ['the total shrinks', [page(1, 4, [r0, r1]), page(2, 3, [r3])]],
    ['the total grows', [page(1, 4, [r0, r1]), page(2, 5, [r2, r3])]],
    ['a room moves to the next page', [page(1, 4, [r0, r1]), page(2, 4, [r1, r2])]],
    ['a page is repeated', [page(1, 4, [r0, r1]), page(2, 4, [r0, r1])]],
    ['a page is too short', [page(1, 4, [r0, r1]), page(2, 4, [r3]), page(3, 4, [])]],
  ])('starts again from the first page if %s', async (_case, changing) => {
    let reads = 0
    const { people, queries } = await readScript({
      rooms: (query) => {
        if (query.page === undefined) reads++
        const pages = reads === 1 ? changing : complete
        return pages[Number(query.page ?? 1) - 1] ?? {}
      },
    })
    expect(Object.keys(people ?? {})).toEqual(['R0', 'R2', 'R3'])
    expect(queries.at(-2)).toEqual({})
  })

  it('gives up after three reads if the list changes each time', async () => {
    let requests = 0
    const { reason, error, queries } = await readScript({
      rooms: (query) => (query.page === undefined ? page(1, ++requests + 2, [r0, r1]) : page(2, 3 + requests, [r4])),
    })
    expect({ reason, error }).toEqual({
      reason: 'incomplete',
      error: expect.stringContaining('total changed from 5 to 6'),
    })
    expect(queries.filter((query) => query.page === undefined)).toHaveLength(3)
  })
})

describe('avdPlatform with a room that is listed twice', () => {
  const part = (...ids: string[]) => ({ room_id: 'P1', users: ids.map((user_id) => ({ user_id })) })

  it.each([1, 2])('accepts the total %d of two entries with different users', async (total) => {
    const { people } = await readScript({ rooms: [{ ret: 0, total, list: [part('1', '2'), part('3')] }] })
    expect(people).toEqual({ P1: ['1', '2', '3'] })
  })

  it('accepts parts of a room on two pages', async () => {
    const { people } = await readScript({
      rooms: [
        { ret: 0, total: 2, page: 1, list: [part('1', '2')] },
        { ret: 0, total: 2, page: 2, list: [part('3')] },
      ],
    })
    expect(people).toEqual({ P1: ['1', '2', '3'] })
  })

  it.each([
    ['that share a user', part('1', '2'), part('2', '3')],
    ['of which one is empty', part(), part('1', '2', '3')],
  ])('accepts the total 2 of two entries on one page %s', async (_case, ...list) => {
    const { people } = await readScript({ rooms: [{ ret: 0, total: 2, list }] })
    expect(people).toEqual({ P1: ['1', '2', '3'] })
  })

  it.each([
    [3, { P1: ['1', '2', '3'] }],
    [4, undefined],
  ])('compares the number of users in the whole room, %d, if each entry states it', async (user_count, expected) => {
    const list = [
      { ...part('1', '2'), user_count },
      { ...part('3'), user_count },
    ]
    expect((await readScript({ rooms: [{ ret: 0, list }] })).people).toEqual(expected)
  })

  it('counts an entry with the same users once', async () => {
    const list = [part('1', '2'), part('1', '2')]
    expect((await readScript({ rooms: [{ ret: 0, total: 1, list }] })).people).toEqual({ P1: ['1', '2'] })
    expect(await readScript({ rooms: [{ ret: 0, total: 2, list }] })).toMatchObject({ reason: 'incomplete' })
  })

  it('rejects the list if a part lacks users', async () => {
    const list = [{ ...part('1'), user_count: 2 }, part('3')]
    const { error } = await readScript({
      rooms: [{ ret: 0, list }],
      participants: { P1: { ret: 0, list: listUsers(2) } },
    })
    expect(error).toContain('rooms[0].user_count')
  })
})

describe('avdPlatform with rooms whose users are listed on request', () => {
  it('reads the room list again if a room changes meanwhile, and only that room', async () => {
    let reads = 0
    const asked: string[] = []
    const { people } = await readScript({
      rooms: () => {
        reads++
        return {
          ret: 0,
          list: [
            { room_id: 'A', user_count: 1 },
            { room_id: 'B', user_count: reads === 1 ? 3 : 2 },
          ],
        }
      },
      participants: {
        get A() {
          asked.push('A')
          return { ret: 0, list: listUsers(1) }
        },
        get B() {
          asked.push('B')
          return { ret: 0, list: listUsers(2) }
        },
      },
    })
    expect(people).toEqual({ A: ['U0'], B: ['U0', 'U1'] })
    expect(asked.sort()).toEqual(['A', 'B', 'B'])
  })

  it('leaves out a room that was closed meanwhile', async () => {
    let reads = 0
    const { people } = await readScript({
      rooms: () => ({ ret: 0, list: ++reads === 1 ? ['A', 'B'] : ['A'] }),
      participants: { A: { ret: 0, list: [] }, B: { ret: 1004, msg: 'room does not exist' } },
    })
    expect(people).toEqual({ A: [] })
  })

  it.each([
    ['in pages', { ret: 0, total: 3, page: 1, list: listUsers(2) }],
    ['with a user on two pages', { ret: 0, page: 1, page_size: 2, list: listUsers(2) }],
  ])('rejects users that are listed incompletely %s', async (_case, answer) => {
    const { error } = await readScript({ rooms: [{ ret: 0, list: ['A'] }], participants: { A: answer } })
    expect(error).toContain('rooms[0] has no list of users; the list is incomplete')
  })

  it('counts a user with two connections once or twice', async () => {
    const list = [...listUsers(2), { user_id: 'U0' }]
    for (const total of [2, 3]) {
      const { people } = await readScript({
        rooms: [{ ret: 0, list: ['A'] }],
        participants: { A: { ret: 0, total, list } },
      })
      expect(people).toEqual({ A: ['U0', 'U1'] })
    }
  })
})
