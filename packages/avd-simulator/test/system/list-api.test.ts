import { describe, expect, it } from 'vitest'
import { openRooms, populate, startAvdWithClient } from './api-client.ts'
import { accessKey, secretKey } from './start-avd.ts'

const users = [
  { user_id: '1', user_name: '王小明', endpoint_type: 'web' },
  { user_id: '42', endpoint_type: 'h323' },
]

describe('the list API', () => {
  it('requires a valid token', async () => {
    const { avd, logIn, get, listRooms } = await startAvdWithClient()
    expect(await logIn('a', 'wrong')).toMatchObject({ ret: 1001 })
    expect(await get('room/list', { token: 'made up' })).toEqual({
      status: 200,
      text: '{"ret":401,"msg":"token invalid"}',
    })
    expect(await listRooms()).toEqual({ ret: 0, data: { list: [] } })
    avd.expireTokens()
    expect(await listRooms()).toEqual({ ret: 401, msg: 'token invalid' })
    expect(avd.requestCounts).toEqual({ '/sdkapi/v2/app/get_token': 2, '/sdkapi/v2/room/list': 3 })
  })

  it.each([
    [
      'data.list',
      {
        data: {
          list: [
            { room_id: '7', users },
            { room_id: '8', users: [] },
          ],
        },
      },
    ],
    [
      'rooms',
      {
        rooms: [
          { roomId: '7', participants: [{ userId: '1', userName: '王小明' }, { userId: '42' }] },
          { roomId: '8', participants: [] },
        ],
      },
    ],
    [
      'data',
      {
        data: [
          { id: '7', members: ['1', '42'] },
          { id: '8', members: [] },
        ],
      },
    ],
    ['separate', { room_list: [{ room_id: '7' }, { room_id: '8' }] }],
    [
      'custom',
      {
        result: {
          meetings: [
            { meeting: { no: '7' }, people: [{ account: { id: '1' } }, { account: { id: '42' } }] },
            { meeting: { no: '8' }, people: [] },
          ],
        },
      },
    ],
  ] as const)('lists rooms in the shape %s', async (shape, expected) => {
    const { avd, listRooms, listParticipants } = await startAvdWithClient({ shape })
    populate(avd)
    expect(await listRooms()).toEqual({ ret: 0, ...expected })
    expect(await listParticipants('7')).toEqual({ ret: 0, list: users })
    expect(await listParticipants('8')).toEqual({ ret: 0, list: [] })
    expect(await listParticipants('9')).toMatchObject({ ret: 1004 })
  })

  it.each([
    ['total', { page: '2' }, { total: 60, page: 1, page_size: 50 }, { total: 60, page: 2, page_size: 50 }],
    ['full-page', { page: '2' }, { page: 1, page_size: 50 }, { page: 2, page_size: 50 }],
    [
      'page-count',
      { pageNo: '2' },
      { pageNo: 1, pageSize: 50, totalPage: 2 },
      { pageNo: 2, pageSize: 50, totalPage: 2 },
    ],
    ['is-last', { pageNum: '2' }, { pageNum: 1, isLast: false }, { pageNum: 2, isLast: true }],
    ['has-more', { page: '2' }, { page: 1, hasMore: true }, { page: 2, hasMore: false }],
    ['offset', { offset: '50' }, { offset: 0, limit: 50, total: 60 }, { offset: 50, limit: 50, total: 60 }],
    ['cursor', { cursor: 'c1' }, { next_cursor: 'c1' }, { next_cursor: null }],
    [
      'pagination',
      { current: '2' },
      { pagination: { current: 1, page_size: 50, total: 60 } },
      { pagination: { current: 2, page_size: 50, total: 60 } },
    ],
  ] as const)('lists fifty rooms per page with the paging %s', async (paging, secondPage, first, second) => {
    const { avd, listRooms } = await startAvdWithClient({ paging })
    openRooms(avd, 60)
    const list = Array.from({ length: 60 }, (_, index) => ({ room_id: String(index + 1), users: [] }))
    expect(await listRooms()).toEqual({ ret: 0, data: { list: list.slice(0, 50), ...first } })
    expect(await listRooms(secondPage)).toEqual({ ret: 0, data: { list: list.slice(50), ...second } })
  })

  it('pages the other shapes in the same way, and states an empty list on one page', async () => {
    const { listRooms } = await startAvdWithClient({ shape: 'separate', paging: 'page-count' })
    expect(await listRooms()).toEqual({ ret: 0, room_list: [], pageNo: 1, pageSize: 50, totalPage: 1 })
  })

  it('writes whole numbers as numbers with all their digits if ids are numeric', async () => {
    const { avd, requestRooms, get, logIn } = await startAvdWithClient({ numericIds: true })
    void avd.join('1234567890123456789', '9007199254740993', { endpoint_type: 'web' })
    void avd.join('1234567890123456789', '007', { endpoint_type: 'web' })
    const users = '[{"user_id":9007199254740993,"endpoint_type":"web"},{"user_id":"007","endpoint_type":"web"}]'
    expect((await requestRooms()).text).toBe(
      `{"ret":0,"data":{"list":[{"room_id":1234567890123456789,"users":${users}}]}}`,
    )
    const token = String((await logIn(accessKey, secretKey)).token)
    const room = await get('room/participate/list', { token, room_id: '1234567890123456789' })
    expect(room.text).toBe(`{"ret":0,"list":${users}}`)
  })

  it('shows the names of rooms', async () => {
    const { avd, listRooms } = await startAvdWithClient()
    avd.nameRoom('7', '周会')
    void avd.openRoom('7')
    expect(await listRooms()).toEqual({ ret: 0, data: { list: [{ room_id: '7', room_name: '周会', users: [] }] } })
  })

  it('reflects leaves, closes, crashes and reconnections', async () => {
    const { avd, listRooms } = await startAvdWithClient({ shape: 'data' })
    populate(avd)
    void avd.leave('7', '1', 'offline')
    void avd.closeRoom('8')
    expect(await listRooms()).toEqual({ ret: 0, data: [{ id: '7', members: ['42'] }] })
    avd.crash()
    expect(await listRooms()).toEqual({ ret: 0, data: [] })
    await avd.recover([{ room_id: '7', user_id: '42' }])
    expect(await listRooms()).toEqual({ ret: 0, data: [{ id: '7', members: ['42'] }] })
  })
})
