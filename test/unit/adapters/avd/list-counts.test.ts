import { describe, expect, it } from 'vitest'
import { listUsers, peopleOfTwoRooms, twoRooms } from '../../../support/listed-rooms.ts'
import { readScript } from '../../../support/scripted-platform.ts'

describe('avdPlatform with a list of two rooms and three users beside fields about its size', () => {
  it.each([
    ...[{ total: 2 }, { total: '2' }, { count: 2 }, { size: 2 }, { num: 2 }, { roomTotal: 2 }, { 'x-total-count': 2 }],
    ...[{ user_count: 3 }, { online_num: '3' }, { total_users: 3 }, { counts: { rooms: 2, users: 3 } }, { rooms: 2 }],
    ...[{ page: 1, page_size: 50 }, { pageNo: 1, pageSize: 2, total: 2 }, { pages: 1 }, { total_pages: '1' }],
    ...[
      { has_more: false },
      { hasNext: 0 },
      { is_last: true },
      { last: true },
      { next_page: null },
      { next_cursor: '' },
    ],
    ...[
      { pagination: { current: 1, pageSize: 20, total: 2 } },
      { offset: 0, limit: 20 },
      { remaining: 0 },
      { total: 2, size: 20 },
      { current: 1, size: 20, total: 2 },
      { first: true, isFirstPage: 'true', first_page: 1 },
      { page: false, endRow: 0, ended_rooms: 0, remaining_pages: 0 },
      { has_more: false, cursor: 'abc' },
      { unreachable_servers: [], total_duration: 500 },
    ],
    ...[
      { page: 1, page_size: 2, is_last: true },
      { page: 1, page_size: 2, next: null },
    ],
  ])('accepts %j', async (fields) => {
    const { people, error } = await readScript({ rooms: [{ ret: 0, list: twoRooms, ...fields }] })
    expect({ people, error }).toEqual({ people: peopleOfTwoRooms, error: '' })
  })

  it.each([
    ...([
      ['page', 1],
      ['pages', 2],
      ['totalPage', 29],
      ['page_count', 2],
      ['pagetotal', 3],
      ['last_page', 2],
    ] as const),
    ...([
      ['total', 3],
      ['total', 1],
      ['total', '1,057'],
      ['total', '１０'],
      ['total', '3条'],
      ['total', -1],
    ] as const),
    ...([
      ['count', 57],
      ['num', 3],
      ['number', 3],
      ['size', 3],
      ['totalnum', '3'],
      ['numFound', 9],
      ['allCount', 5],
    ] as const),
    ...([
      ['total_elements', '1 057'],
      ['recordsTotal', 3],
      ['@odata.count', 3],
      ['data_count', 7],
      ['rooms', 57],
    ] as const),
    ...([
      ['has_next', true],
      ['hasmore', 'true'],
      ['more', 1],
      ['is_last', false],
      ['isLastPage', '0'],
      ['last', false],
      ['first', false],
      ['isFirstPage', false],
      ['has_next_part', true],
      ['is_last_part', false],
      ['finish', false],
    ] as const),
    ...([
      ['next_page', 2],
      ['next_cursor', 'abc'],
      ['next', '/list?page=2'],
      ['cursor', 'x'],
      ['scroll_id', 'y'],
    ] as const),
    ...([
      ['limit', 2],
      ['remaining', 1],
      ['truncated', true],
      ['complete', false],
      ['failed_count', 1],
      ['rooms_left', 5],
      ['nbRooms', 5],
      ['headcount', 5],
      ['has_more', '是'],
      ['left_count', 3],
      ['pages_left', 2],
    ] as const),
    ...([
      ['user_count', 4],
      ['online_count', 2],
      ['online_users', 30],
      ['speaker_count', 4],
    ] as const),
    ...([
      ['page_enabled', true],
      ['page', true],
      ['search_pages', 2],
      ['server_page', 5],
      ['hit_total', 57],
      ['search_count', 57],
      ['total', true],
      ['last', '/list?page=3'],
      ['server_list_count', 9],
      ['queue_num', 7],
      ['current', 1],
      ['found', 57],
      ['continueToken', 'x'],
      ['stale', true],
    ] as const),
  ])('rejects %s %j as incomplete and names the field', async (name, value) => {
    const { people, reason, error } = await readScript({ rooms: [{ ret: 0, list: twoRooms, [name]: value }] })
    expect({ people, reason, error }).toEqual({
      people: undefined,
      reason: 'incomplete',
      error: expect.stringContaining(`${name} is `),
    })
  })

  it.each([
    ['data.totalPage', { data: { list: twoRooms, totalPage: 29 } }],
    ['pagination.total', { list: twoRooms, pagination: { total: 3 } }],
    ['meta.page.totalPages', { list: twoRooms, meta: { page: { totalPages: 2 } } }],
    ['counts.users', { list: twoRooms, counts: { rooms: 2, users: 30 } }],
    ['page.size', { data: twoRooms, page: { number: 0, size: 2 } }],
    ['links.last', { list: twoRooms, links: { first: '/list?page=1', last: '/list?page=3' } }],
    ['unreachable_servers', { list: twoRooms, unreachable_servers: ['box-2'] }],
    [
      'links.next',
      {
        list: twoRooms,
        links: [
          { rel: 'self', href: '/list' },
          { rel: 'next', href: '/list?page=2' },
        ],
      },
    ],
    ['timeout_servers', { list: twoRooms, timeout_servers: ['box-2'] }],
    ['skippedRooms', { list: twoRooms, skippedRooms: ['P3'] }],
    ['page_size', { list: twoRooms, page: 1, page_size: 2, ended_count: 12 }],
    ['_links.next', { list: twoRooms, _links: { next: { href: '/list?page=2' } } }],
  ])('rejects the list because of the field %s', async (path, fields) => {
    const { reason, error } = await readScript({ rooms: [{ ret: 0, ...fields }] })
    expect({ reason, error }).toEqual({ reason: 'incomplete', error: expect.stringContaining(`${path} is `) })
  })

  it.each([
    ['rooms', { rooms: [] }],
    ['data', { data: [] }],
    ['data.list', { data: { list: [] } }],
    ['waiting', { waiting: [{ room_id: 'P3', users: [] }] }],
    ['waiting', { waiting: [{ id: 'P3', users: [] }] }],
  ])('does not recognise the list if there is another one, %s', async (path, fields) => {
    const { reason, error } = await readScript({ rooms: [{ ret: 0, list: twoRooms, ...fields }] })
    expect({ reason, error }).toEqual({ reason: 'unrecognised', error: expect.stringContaining(`list and ${path}`) })
  })
})

describe('avdPlatform with an empty list beside a field that is named after rooms', () => {
  it.each([null, '', {}, { P1: [] }])('does not recognise the list if that field is %j', async (rooms) => {
    for (const answer of [{ rooms, list: [] }, { data: { rooms, list: [] } }])
      expect((await readScript({ rooms: [{ ret: 0, ...answer }] })).reason).toBe('unrecognised')
  })

  it('does not recognise the list if that field has a list itself', async () => {
    const { error } = await readScript({ rooms: [{ ret: 0, list: [], rooms: { list: twoRooms } }] })
    expect(error).toContain('two lists of rooms: list and rooms.list')
  })

  it.each([{ rooms: 0, list: [] }, { rooms: { list: [], total: 0 } }])('accepts %j', async (answer) => {
    expect((await readScript({ rooms: [{ ret: 0, ...answer }] })).people).toEqual({})
  })
})

describe('avdPlatform with a room that lists two users', () => {
  const listRoom = (fields: object, participants?: object) =>
    readScript({
      rooms: [{ ret: 0, list: [{ room_id: 'P1', users: listUsers(2), ...fields }] }],
      ...(participants && { participants: { P1: participants } }),
    })

  it.each([
    ...[{ user_count: 2 }, { count: '2' }, { stat: { online_count: 2 } }, { speaker_count: 1 }, { has_more: false }],
    ...[
      { max_users: 50 },
      { user_limit: 1 },
      { max_count: 1 },
      { capacity: 9 },
      { limit: 50 },
      { max_users_count: 300 },
      { seat_count: 50, allow_num: 9 },
      { listenerCount: 0, voiceParticipantCount: '1', hand_up_count: 7, layout_num: 9, waiting_count: 3 },
      { creator: { id: 3, count: 9 } },
      { total_duration: 500, whiteboard_page: 3, status: 'locked' },
    ],
    ...[
      { room_number: 1001 },
      { pin_number: '123' },
      { room_num: '88' },
      { meeting_number: 5 },
      { phone_number: '1' },
      { id: 9, status: 1 },
    ],
    ...[{ stream_count: 7 }, { record_file_count: 3 }, { host: { user_id: 'U0', login_count: 77 } }, { error: null }],
    ...[{ duration: 50, create_time: 1_700_000_000, end_time: 0, finished: false, last_active: 5, online: 1, port: 1 }],
  ])('accepts the room with %j', async (fields) => {
    const { people, error } = await listRoom(fields)
    expect({ people, error }).toEqual({ people: { P1: ['U0', 'U1'] }, error: '' })
  })

  it.each([
    ...([
      ['user_count', 350],
      ['user_count', 1],
      ['member_num', '3'],
      ['user-count', '1,350'],
      ['count', 3],
    ] as const),
    ...([
      ['userTotal', 7],
      ['size', 9],
      ['current_users', 5],
      ['people', 3],
      ['speaker_count', 3],
    ] as const),
    ...([
      ['connection_count', 4],
      ['online', 350],
      ['number', 1001],
      ['has_more', true],
      ['page_size', 2],
      ['next_cursor', 'x'],
    ] as const),
  ])('asks for the users of the room if %s is %j, and names the field if there is no answer', async (name, value) => {
    const { reason, error } = await listRoom({ [name]: value })
    expect({ reason, error }).toEqual({ reason: 'http_status', error: expect.stringContaining(`rooms[0].${name} is `) })
  })

  it('accepts the users of the room that the platform lists on request if they match the count', async () => {
    const { people } = await listRoom({ user_count: 350 }, { ret: 0, list: listUsers(350), total: 350 })
    expect(people?.P1).toHaveLength(350)
  })

  it.each([
    { users: null, items: [] },
    { users: null, data: [{ id: 7 }] },
    { users: { U0: {} }, list: [] },
    { users: null, members: [] },
  ])('asks for the users of the room if it has %j', async (fields) => {
    const { people } = await listRoom(fields, { ret: 0, list: listUsers(3) })
    expect(people?.P1).toHaveLength(3)
  })

  it.each([
    ['do not match the count of the room', { user_count: 350 }, { ret: 0, list: listUsers(349) }, 'user_count is 350'],
    ['do not match their own total', { user_count: 350 }, { ret: 0, list: listUsers(350), total: 351 }, 'total is 351'],
    ['are not a success', { users: null }, { ret: 0, code: 500, list: [] }, 'code 500'],
    ['have no ret', { users: null }, { list: [] }, 'has no ret'],
    ['are of another room', { users: null }, { ret: 0, room_id: 'P2', list: [] }, 'room_id is P2'],
    ['cannot be recognised', { users: null }, { ret: 0, list: null }, 'no list of users'],
  ])('rejects the list if the users that the platform lists on request %s', async (_case, fields, answer, message) => {
    const { people, error } = await listRoom(fields, answer)
    expect({ people, error }).toEqual({ people: undefined, error: expect.stringContaining(message) })
  })

  it.each([
    ['has two lists of users', { participants: [] }, 'rooms[0] has two lists of users: users and participants'],
    ['has a ret of its own', { ret: 500 }, 'rooms[0].ret states a failure'],
    ['has a status of failure', { status: 'error' }, 'rooms[0].status states a failure'],
    ['has a blank id', { room_id: ' ' }, 'rooms[0] has no recognised id'],
    ['states an error', { error: 'media server is down' }, 'rooms[0].error states a failure'],
    ['is a media server with rooms', { rooms: [] }, 'rooms[0] has a list of rooms itself'],
    ['has no usable id', { room_id: null, id: 7 }, 'rooms[0] has no recognised id'],
  ])('rejects the list if the room %s', async (_case, fields, message) => {
    const { people, error } = await listRoom(fields)
    expect({ people, error }).toEqual({ people: undefined, error: expect.stringContaining(message) })
  })
})
