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
    const { avd, requestRooms, listRooms } = await startAvdWithClient({ shape: 'paged' })
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
})
