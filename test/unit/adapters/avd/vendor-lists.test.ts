import { describe, expect, it } from 'vitest'
import { peopleOfTwoRooms, twoRooms } from '../../../support/listed-rooms.ts'
import { readScript } from '../../../support/scripted-platform.ts'

/** Complete lists as common frameworks and conference platforms write them. */
const completeLists: Readonly<Record<string, object>> = {
  'Spring Data': {
    ...{ ret: 0, content: twoRooms, totalPages: 1, totalElements: 2, last: true, first: true, size: 20, number: 0 },
    ...{ numberOfElements: 2, empty: false, sort: { sorted: false, unsorted: true, empty: true } },
    pageable: { pageNumber: 0, pageSize: 20, offset: 0, paged: true, unpaged: false },
  },
  PageHelper: {
    ret: 0,
    data: {
      ...{ total: 2, list: twoRooms, pageNum: 1, pageSize: 10, size: 2, startRow: 1, endRow: 2, pages: 1, prePage: 0 },
      ...{ nextPage: 0, isFirstPage: true, isLastPage: true, hasPreviousPage: false, hasNextPage: false },
      ...{ navigatePages: 8, navigatepageNums: [1], navigateFirstPage: 1, navigateLastPage: 1 },
    },
  },
  'MyBatis-Plus': {
    ret: 0,
    data: {
      ...{ records: twoRooms, total: 2, size: 10, current: 1, pages: 1, orders: [], optimizeCountSql: true },
      ...{ searchCount: true, hitCount: false, countId: null, maxLimit: null },
    },
  },
  Laravel: {
    ...{
      ret: 0,
      data: twoRooms,
      current_page: 1,
      first_page_url: 'http://a?page=1',
      from: 1,
      last_page: 1,
      to: 2,
      total: 2,
    },
    ...{ last_page_url: 'http://a?page=1', next_page_url: null, path: 'http://a', per_page: 15, prev_page_url: null },
    links: [{ url: null, label: '«', active: false }],
  },
  'Laravel with resources': {
    ...{ ret: 0, data: twoRooms, links: { first: 'http://a?page=1', last: 'http://a?page=1', prev: null, next: null } },
    meta: { current_page: 1, from: 1, last_page: 1, path: 'http://a', per_page: 15, to: 2, total: 2 },
  },
  'Spring HATEOAS': {
    ...{ ret: 0, _embedded: { rooms: twoRooms }, _links: { self: { href: 'http://a' } } },
    page: { size: 20, totalElements: 2, totalPages: 1, number: 0 },
  },
  Relay: {
    ...{ ret: 0, list: twoRooms },
    pageInfo: { hasNextPage: false, endCursor: 'b', hasPreviousPage: false, startCursor: 'a' },
  },
  'Django REST framework': { ret: 0, count: 2, next: null, previous: null, results: twoRooms },
  Layui: { ret: 0, code: 0, msg: '', count: 2, data: twoRooms },
  'Ant Design': { ret: 0, success: true, data: { list: twoRooms, pagination: { current: 1, pageSize: 10, total: 2 } } },
  WeCom: { ret: 0, errcode: 0, errmsg: 'ok', total_count: 2, item_count: 2, list: twoRooms, next_cursor: '' },
  Zoom: {
    ret: 0,
    page_count: 1,
    page_number: 1,
    page_size: 30,
    total_records: 2,
    next_page_token: '',
    meetings: twoRooms,
  },
  Elasticsearch: { ret: 0, took: 5, timed_out: false, total: { value: 2, relation: 'eq' }, list: twoRooms },
  'a list with harmless fields': {
    ...{
      ret: 0,
      msg: 'success',
      request_id: '401-error',
      trace_id: 'a',
      timestamp: 1_764_144_000_000,
      version: '3.33.1',
    },
    ...{ server_id: 7, server_time: '2026-11-26 10:00:00', port: 8088, duration: 300, cost: 12, took: 5, sequence: 9 },
    ...{ max_users: 50, user_limit: 3, max_count: 500, capacity: 1000, box_num: 3, stream_count: 9, build_number: 3 },
    ...{ license: { count: 500, expire_time: '2027-01-01' }, server: { status: 'master', cpu_num: 8, node: 'bj-1' } },
    ...{ type: 1, level: 2, lang: 'zh', debug: false, api: 'v2', env: { name: 'prod' }, tags: ['a'], extra: null },
    list: twoRooms.map((room) => ({
      ...{
        ...room,
        id: 7,
        title: '周会',
        type: 2,
        status: 1,
        create_time: '2026-11-26 09:00:00',
        duration: 50,
        port: 7630,
      },
      ...{
        max_users: 50,
        user_limit: 300,
        owner: { user_id: '1', login_count: 9 },
        recording: false,
        media_server: 'box-01',
      },
      ...{ layout: { mode: 1, video_num: 9 }, bitrate: 512, version: 3, locked: 0, password: '', tags: [] },
    })),
  },
}

describe('avdPlatform with a complete list', () => {
  it.each(Object.entries(completeLists))('accepts the format of %s', async (_name, answer) => {
    const { people, error } = await readScript({ rooms: [answer] })
    expect({ people, error }).toEqual({ people: peopleOfTwoRooms, error: '' })
  })

  it.each([
    ['RoomId', 'UserList', 'UserId'],
    ['roomid', 'onlineUsers', 'uid'],
    ['room-no', 'participate_list', 'userid'],
    ['ROOM_ID', 'Members', 'id'],
  ])('recognises the fields %s, %s and %s', async (room_id, users, user_id) => {
    const list = [{ [room_id]: 'R', [users]: [{ [user_id]: 'U', joinCount: 57, page: 2, total: 9 }] }]
    expect((await readScript({ rooms: [{ ret: 0, Data: { RoomList: list } }] })).people).toEqual({ R: ['U'] })
  })
})

describe('the name of a listed room', () => {
  const nameOf = async (fields: object) =>
    (await readScript({ rooms: [{ ret: 0, list: [{ room_id: 'R', users: [], ...fields }] }] })).rooms[0]?.name

  it.each([
    [{ title: 'e', subject: 'd', topic: 'c', room_name: 'b' }, 'b'],
    [{ title: 'e', subject: 'd', topic: 'c', roomName: 'a' }, 'a'],
    [{ title: 'e', subject: 'd', topic: 'c' }, 'c'],
    [{ title: 'e', subject: 'd' }, 'd'],
    [{ title: '周会' }, '周会'],
    [{ room_name: '', title: 'e' }, 'e'],
    [{ room_name: null, topic: 7 }, '7'],
    [{ name: 'other' }, undefined],
  ])('of %j is %j', async (fields, expected) => {
    expect(await nameOf(fields)).toBe(expected)
  })
})
