import { describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import type { SimulatedAvd, SimulatedAvdOptions } from '../src/simulated-avd.ts'
import { startSimulatedAvd } from '../src/simulated-avd.ts'

const answerSchema = z.record(z.string(), z.unknown())

async function start(options: Partial<SimulatedAvdOptions> = {}) {
  const avd = await startSimulatedAvd({ accessKey: 'a', secretKey: 's', ...options })
  onTestFinished(() => avd.stop())
  const get = async (path: string, query: Record<string, string>) => {
    const answer = await fetch(`${avd.url}/sdkapi/v2/${path}?${new URLSearchParams(query)}`)
    return { status: answer.status, text: await answer.text() }
  }
  const ask = async (path: string, query: Record<string, string>) =>
    answerSchema.parse(JSON.parse((await get(path, query)).text))
  const { token } = await ask('app/get_token', { access_key: 'a', secret_key: 's' })
  const own = { token: String(token) }
  return {
    avd,
    get,
    ask,
    raw: (query: Record<string, string> = {}) => get('room/list', { ...own, ...query }),
    rooms: (query: Record<string, string> = {}) => ask('room/list', { ...own, ...query }),
    people: (room_id: string) => ask('room/participate/list', { ...own, room_id }),
  }
}

function populate(avd: SimulatedAvd): void {
  void avd.join('7', '1', { user_name: '王小明', endpoint_type: 'web' })
  void avd.join('7', '42', { endpoint_type: 'h323' })
  void avd.openRoom('8')
}

const users = [
  { user_id: '1', user_name: '王小明', endpoint_type: 'web' },
  { user_id: '42', endpoint_type: 'h323' },
]

describe('The list of rooms of the simulated installation', () => {
  it('is given to whoever is logged in', async () => {
    const { avd, ask, get, rooms } = await start()
    expect(await ask('app/get_token', { access_key: 'a', secret_key: 'wrong' })).toMatchObject({ ret: 1001 })
    expect(await get('room/list', { token: 'made up' })).toEqual({
      status: 200,
      text: '{"ret":401,"msg":"token invalid"}',
    })
    expect(await rooms()).toEqual({ ret: 0, data: { list: [] } })
    avd.expireTokens()
    expect(await rooms()).toEqual({ ret: 401, msg: 'token invalid' })
    expect(avd.requests).toEqual({ '/sdkapi/v2/app/get_token': 2, '/sdkapi/v2/room/list': 3 })
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
  ] as const)('can have the shape %s', async (shape, expected) => {
    const { avd, rooms, people } = await start({ shape })
    populate(avd)
    expect(await rooms()).toEqual({ ret: 0, ...expected })
    expect(await people('7')).toEqual({ ret: 0, list: users })
    expect(await people('8')).toEqual({ ret: 0, list: [] })
    expect(await people('9')).toMatchObject({ ret: 1004 })
  })

  it('can come in pages of fifty rooms', async () => {
    const { avd, rooms } = await start({ shape: 'paged' })
    for (let room = 1; room <= 60; room += 1) void avd.openRoom(String(room))
    const page = (from: number, to: number, number: number) => {
      const list = Array.from({ length: to - from + 1 }, (_, index) => ({ room_id: String(from + index), users: [] }))
      return { ret: 0, data: { list, total: 60, page: number, page_size: 50 } }
    }
    expect(await rooms()).toEqual(page(1, 50, 1))
    expect(await rooms({ page: '2' })).toEqual(page(51, 60, 2))
    expect(await rooms({ page: '3' })).toMatchObject({ data: { list: [], total: 60 } })
  })

  it('follows the world', async () => {
    const { avd, rooms } = await start({ shape: 'data' })
    populate(avd)
    void avd.leave('7', '1', 'offline')
    void avd.closeRoom('8')
    expect(await rooms()).toEqual({ ret: 0, data: [{ id: '7', members: ['42'] }] })
    avd.crash()
    expect(await rooms()).toEqual({ ret: 0, data: [] })
    await avd.recover([{ room_id: '7', user_id: '42' }])
    expect(await rooms()).toEqual({ ret: 0, data: [{ id: '7', members: ['42'] }] })
  })
})

describe('A bad answer of the simulated installation', () => {
  it.each([
    [{ status: 500 }, 500, /failure/],
    [{ ret: 17 }, 200, /^\{"ret":17,"msg":/],
    ['html', 200, /^<!doctype html>/],
    ['unrecognisable', 200, /^\{"ret":0\}$/],
    ['empty', 200, /^\{"ret":0,"data":\{"list":\[\]\}\}$/],
    ['half', 200, /^\{"ret":0,"data":.*[^}]$/],
  ] as const)('can be %j, until it is set back', async (how, status, text) => {
    const { avd, raw } = await start()
    populate(avd)
    const good = await raw()
    avd.answerWith(how)
    expect(await raw()).toEqual({ status, text: expect.stringMatching(text) })
    avd.answerWith('ok')
    expect(await raw()).toEqual(good)
  })

  it('can be the half of the pages', async () => {
    const { avd, raw, rooms } = await start({ shape: 'paged' })
    for (let room = 1; room <= 60; room += 1) void avd.openRoom(String(room))
    avd.answerWith('half')
    const { data } = z
      .object({ data: z.object({ list: z.array(z.unknown()), total: z.number() }) })
      .parse(await rooms())
    expect([data.list.length, data.total]).toEqual([30, 60])
    expect(await rooms({ page: '2' })).toMatchObject({ data: { list: [], total: 60 } })
    avd.answerWith('half-failing')
    expect(await rooms()).toMatchObject({ data: { total: 60 } })
    expect((await raw({ page: '2' })).status).toBe(500)
  })

  it('can be late, or never come', async () => {
    const { avd, rooms } = await start()
    avd.answerWith({ delayMs: 60 })
    const asked = Date.now()
    expect(await rooms()).toMatchObject({ ret: 0 })
    expect(Date.now() - asked).toBeGreaterThanOrEqual(55)
    avd.answerWith('timeout')
    const never = rooms().then(
      () => 'answered',
      () => 'broken off',
    )
    await expect.poll(() => avd.requests['/sdkapi/v2/room/list']).toBe(2)
    await avd.stop()
    expect(await never).toBe('broken off')
  })

  it('can be that about the people of a room alone', async () => {
    const { avd, rooms, people } = await start({ shape: 'separate' })
    populate(avd)
    avd.answerWith({ ret: 9 }, 'participants')
    expect(await rooms()).toMatchObject({ ret: 0 })
    expect(await people('7')).toMatchObject({ ret: 9 })
    avd.answerWith('empty', 'participants')
    expect(await people('7')).toEqual({ ret: 0, list: [] })
  })
})
