import { describe, expect, it } from 'vitest'
import { openRooms, populate, startAvdWithClient } from './api-client.ts'

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

  it('lists fifty rooms per page in the shape paged', async () => {
    const { avd, listRooms } = await startAvdWithClient({ shape: 'paged' })
    openRooms(avd, 60)
    const pageOf = (first: number, last: number, page: number) => {
      const list = Array.from({ length: last - first + 1 }, (_, index) => ({
        room_id: String(first + index),
        users: [],
      }))
      return { ret: 0, data: { list, total: 60, page, page_size: 50 } }
    }
    expect(await listRooms()).toEqual(pageOf(1, 50, 1))
    expect(await listRooms({ page: '2' })).toEqual(pageOf(51, 60, 2))
    expect(await listRooms({ page: '3' })).toMatchObject({ data: { list: [], total: 60 } })
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
