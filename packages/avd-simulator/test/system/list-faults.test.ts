import { describe, expect, it } from 'vitest'
import { openRooms, populate, startAvdWithClient } from './api-client.ts'

describe('setListBehaviour', () => {
  it.each([
    [{ status: 500 }, 500, /failure/],
    [{ ret: 17 }, 200, /^\{"ret":17,"msg":/],
    ['html', 200, /^<!doctype html>/],
    ['unrecognisable', 200, /^\{"ret":0\}$/],
    ['empty', 200, /^\{"ret":0,"data":\{"list":\[\]\}\}$/],
    ['half', 200, /^\{"ret":0,"data":.*[^}]$/],
  ] as const)('makes the room list respond with %j until it is reset', async (behaviour, status, text) => {
    const { avd, requestRooms } = await startAvdWithClient()
    populate(avd)
    const complete = await requestRooms()
    avd.setListBehaviour(behaviour)
    expect(await requestRooms()).toEqual({ status, text: expect.stringMatching(text) })
    avd.setListBehaviour('ok')
    expect(await requestRooms()).toEqual(complete)
  })

  it('makes the pages after the first empty or fail', async () => {
    const { avd, requestRooms, listRooms } = await startAvdWithClient({ paging: 'total' })
    openRooms(avd, 60)
    avd.setListBehaviour('half')
    const { data } = await listRooms()
    expect(data).toMatchObject({ list: expect.objectContaining({ length: 30 }), total: 60 })
    expect(await listRooms({ page: '2' })).toMatchObject({ data: { list: [], total: 60 } })
    avd.setListBehaviour('half-failing')
    expect(await listRooms()).toMatchObject({ data: { total: 60 } })
    expect((await requestRooms({ page: '2' })).status).toBe(500)
  })

  it('delays a response', async () => {
    const { avd, listRooms } = await startAvdWithClient()
    avd.setListBehaviour({ delayMs: 60 })
    const requestedAt = Date.now()
    expect(await listRooms()).toMatchObject({ ret: 0 })
    expect(Date.now() - requestedAt).toBeGreaterThanOrEqual(55)
  })

  it('withholds a response until the installation stops', async () => {
    const { avd, listRooms } = await startAvdWithClient()
    avd.setListBehaviour('timeout')
    const outcome = listRooms().then(
      () => 'response',
      () => 'connection closed',
    )
    await expect.poll(() => avd.requestCounts['/sdkapi/v2/room/list']).toBe(1)
    await avd.stop()
    expect(await outcome).toBe('connection closed')
  })

  it('changes the participant list without changing the room list', async () => {
    const { avd, listRooms, listParticipants } = await startAvdWithClient({ shape: 'separate' })
    populate(avd)
    avd.setListBehaviour({ ret: 9 }, 'participants')
    expect(await listRooms()).toMatchObject({ ret: 0 })
    expect(await listParticipants('7')).toMatchObject({ ret: 9 })
    avd.setListBehaviour('empty', 'participants')
    expect(await listParticipants('7')).toEqual({ ret: 0, list: [] })
  })

  it('adds, replaces and removes fields of the response', async () => {
    const { avd, listRooms } = await startAvdWithClient({ shape: 'data' })
    avd.setListBehaviour({ fields: { ret: undefined, code: 401, msg: 'token expired' } })
    expect(await listRooms()).toEqual({ data: [], code: 401, msg: 'token expired' })
  })

  it('responds with fixed answers as pages', async () => {
    const { avd, requestRooms, listRooms } = await startAvdWithClient()
    avd.setListBehaviour({ answers: [{ ret: 0, page: 1 }, '{"ret":0,"id":9007199254740993}'] })
    for (let read = 0; read < 2; read++) {
      expect(await listRooms()).toEqual({ ret: 0, page: 1 })
      expect((await requestRooms({ page: '2' })).text).toBe('{"ret":0,"id":9007199254740993}')
      expect((await requestRooms({ page: '3' })).text).toBe('{"ret":0,"id":9007199254740993}')
    }
  })

  it('makes a list lag behind the installation', async () => {
    const { avd, listRooms, listParticipants } = await startAvdWithClient({ shape: 'data' })
    populate(avd)
    avd.setListBehaviour({ lagMs: 150 })
    avd.setListBehaviour({ lagMs: 150 }, 'participants')
    void avd.leave('7', '1')
    void avd.closeRoom('8')
    const before = {
      ret: 0,
      data: [
        { id: '7', members: ['1', '42'] },
        { id: '8', members: [] },
      ],
    }
    expect(await listRooms()).toEqual(before)
    expect(await listParticipants('8')).toEqual({ ret: 0, list: [] })
    await expect.poll(() => listRooms()).toEqual({ ret: 0, data: [{ id: '7', members: ['42'] }] })
    expect(await listParticipants('8')).toMatchObject({ ret: 1004 })
  })

  it('goes on showing every change while all callbacks are blocked', async () => {
    const { avd, listRooms } = await startAvdWithClient({ shape: 'data', callbackUrl: 'http://127.0.0.1:9/' })
    avd.dropCallbacks(1)
    populate(avd)
    void avd.leave('7', '1')
    expect(await listRooms()).toEqual({
      ret: 0,
      data: [
        { id: '7', members: ['42'] },
        { id: '8', members: [] },
      ],
    })
    expect(avd.callbackCounts).toEqual({ responded: 0, dropped: 5, failed: 0 })
  })

  it('makes a list empty for a time', async () => {
    const { avd, listRooms } = await startAvdWithClient({ shape: 'data' })
    populate(avd)
    avd.setListBehaviour({ emptyForMs: 150 })
    expect(await listRooms()).toEqual({ ret: 0, data: [] })
    await expect.poll(() => listRooms()).toMatchObject({ data: [{ id: '7' }, { id: '8' }] })
  })

  it('changes the installation between two pages', async () => {
    const { avd, listRooms } = await startAvdWithClient({ shape: 'data', paging: 'total' })
    openRooms(avd, 60)
    const pages: number[] = []
    avd.setListBehaviour({
      afterPage: (pageIndex) => {
        pages.push(pageIndex)
        if (pageIndex === 0) void avd.closeRoom('1')
      },
    })
    expect(await listRooms()).toMatchObject({ total: 60 })
    expect(await listRooms({ page: '2' })).toMatchObject({ total: 59, data: { length: 9, 0: { id: '52' } } })
    expect(pages).toEqual([0, 1])
  })

  it('lists only some users of a room that states the number of all', async () => {
    const { avd, listRooms, listParticipants } = await startAvdWithClient()
    populate(avd)
    avd.setListBehaviour({ maxUsers: 1 })
    expect(await listRooms()).toMatchObject({
      data: {
        list: [
          { user_count: 2, users: [{ user_id: '1' }] },
          { user_count: 0, users: [] },
        ],
      },
    })
    expect(await listParticipants('7')).toMatchObject({ list: { length: 2 } })
  })
})
