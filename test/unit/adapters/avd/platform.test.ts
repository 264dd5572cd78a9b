import {
  customListPaths,
  type SimulatedAvd,
  type SimulatedAvdOptions,
  startSimulatedAvd,
} from '@northbound/avd-simulator'
import { afterEach, describe, expect, it } from 'vitest'
import type { ListPaths } from '../../../../adapters/avd/avd-settings.ts'
import { PlatformError } from '../../../../adapters/avd/http.ts'
import { avdPlatform } from '../../../../adapters/avd/platform.ts'
import type { ObservedRoom } from '../../../../core/reconciliation/compare.ts'

const keys = { accessKey: 'ak', secretKey: 'sk' }
const timeout = () => AbortSignal.timeout(2000)

describe('avdPlatform', () => {
  let avd: SimulatedAvd
  afterEach(() => avd.stop())

  const platform = (list_paths: ListPaths | null = null, secret_key = keys.secretKey) =>
    avdPlatform({ base_url: avd.url, access_key: keys.accessKey, secret_key, list_paths })

  async function startWithRooms(options: Partial<SimulatedAvdOptions> = {}, rooms = 3): Promise<void> {
    avd = await startSimulatedAvd({ ...keys, ...options })
    for (let room = 0; room < rooms; room++) {
      void avd.openRoom(`R${room}`)
      for (let user = 0; user < room % 4; user++) void avd.join(`R${room}`, `U${user}`, { user_name: `名${user}` })
    }
  }
  const summarize = (rooms: readonly ObservedRoom[]) =>
    rooms.map(({ room_id, users }) => `${room_id}: ${users.map((user) => user.user_id).join()}`)
  const expected = () =>
    avd.rooms.map(({ room_id, users }) => `${room_id}: ${users.map((user) => user.user_id).join()}`)
  const errorReason = async (list: Promise<unknown>) => {
    const error: unknown = await list.then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    return error instanceof PlatformError ? error.reason : error
  }

  it.each(['data.list', 'rooms', 'data', 'separate'] as const)('recognises a list of the shape %s', async (shape) => {
    await startWithRooms({ shape }, 120)
    expect(summarize(await platform().listOpenRooms(timeout()))).toEqual(expected())
  })

  it.each([
    ...(['total', 'full-page', 'page-count', 'is-last', 'has-more', 'offset', 'cursor', 'pagination'] as const),
  ])('reads a list with the paging %s, whatever its size', async (paging) => {
    for (const rooms of [0, 49, 50, 51, 100, 120]) {
      await startWithRooms({ paging, shape: rooms === 51 ? 'data' : 'data.list' }, rooms)
      expect(summarize(await platform().listOpenRooms(timeout()))).toEqual(expected())
      if (rooms < 120) await avd.stop()
    }
  })

  it('reads numeric ids exactly, also in the users of one room', async () => {
    for (const shape of ['data.list', 'separate'] as const) {
      await startWithRooms({ shape, numericIds: true })
      void avd.join('1234567890123456789', '9007199254740993')
      expect(summarize(await platform().listOpenRooms(timeout()))).toEqual(expected())
      if (shape === 'data.list') await avd.stop()
    }
  })

  it('asks for the users of rooms that list only some of them', async () => {
    await startWithRooms({}, 12)
    avd.setListBehaviour({ maxUsers: 1 })
    expect(summarize(await platform().listOpenRooms(timeout()))).toEqual(expected())
    expect(avd.requestCounts['/sdkapi/v2/room/participate/list']).toBe(6)
  })

  it('starts again if rooms are closed between two pages, until nothing changes', async () => {
    await startWithRooms({ paging: 'total' }, 120)
    let closes = 0
    avd.setListBehaviour({
      afterPage: (pageIndex) => pageIndex === 0 && closes < 2 && void avd.closeRoom(`R${closes++}`),
    })
    expect(summarize(await platform().listOpenRooms(timeout()))).toEqual(expected())
    expect(avd.requestCounts['/sdkapi/v2/room/list']).toBe(2 + 2 + 3)
  })

  it('reads names and endpoint types if the list has them', async () => {
    await startWithRooms()
    const [, room] = await platform().listOpenRooms(timeout())
    expect(room?.users).toEqual([{ user_id: 'U0', user_name: '名0', endpoint_type: 'web' }])
  })

  it('reads a list of another shape with the paths in the secret, and rejects it if no path matches', async () => {
    await startWithRooms({ shape: 'custom' })
    expect(summarize(await platform(customListPaths).listOpenRooms(timeout()))).toEqual(expected())
    expect(await errorReason(platform().listOpenRooms(timeout()))).toBe('unrecognised')
    expect(await errorReason(platform({ ...customListPaths, rooms: 'result.other' }).listOpenRooms(timeout()))).toBe(
      'unrecognised',
    )
    expect(await errorReason(platform({ ...customListPaths, user_id: 'account.no' }).listOpenRooms(timeout()))).toBe(
      'unrecognised',
    )
  })

  it('requests the users of each room if the list does not include them', async () => {
    await startWithRooms({ shape: 'separate' }, 20)
    await platform().listOpenRooms(timeout())
    expect(avd.requestCounts['/sdkapi/v2/room/participate/list']).toBe(20)
  })

  it.each([
    [{ status: 500 }, 'http_status'],
    [{ ret: 17 }, 'refused'],
    ['html', 'not_json'],
    ['unrecognisable', 'unrecognised'],
    ['half', 'not_json'],
    ['timeout', 'timeout'],
  ] as const)('rejects a list whose response is %j with reason %s', async (behaviour, reason) => {
    await startWithRooms()
    avd.setListBehaviour(behaviour)
    expect(await errorReason(platform().listOpenRooms(AbortSignal.timeout(300)))).toBe(reason)
  })

  it.each([
    ['half', 'incomplete'],
    ['half-failing', 'http_status'],
  ] as const)('rejects a list whose later pages are missing (%s) with reason %s', async (behaviour, reason) => {
    await startWithRooms({ paging: 'total' }, 120)
    avd.setListBehaviour(behaviour)
    expect(await errorReason(platform().listOpenRooms(timeout()))).toBe(reason)
  })

  it('rejects a list if the platform refuses the users of a room that is still open', async () => {
    await startWithRooms({ shape: 'separate' })
    avd.setListBehaviour({ ret: 17 }, 'participants')
    expect(await errorReason(platform().listOpenRooms(timeout()))).toBe('refused')
  })

  it('accepts an empty list', async () => {
    await startWithRooms()
    avd.setListBehaviour('empty')
    expect(await platform().listOpenRooms(timeout())).toEqual([])
  })

  it('logs in once for several calls, and again when the token has expired', async () => {
    await startWithRooms()
    const reused = platform()
    await reused.listOpenRooms(timeout())
    await reused.listOpenRooms(timeout())
    expect(avd.requestCounts['/sdkapi/v2/app/get_token']).toBe(1)
    avd.expireTokens()
    expect(summarize(await reused.listOpenRooms(timeout()))).toEqual(expected())
    expect(avd.requestCounts['/sdkapi/v2/app/get_token']).toBe(2)
  })

  it('logs in at most once more for the refusals of one sweep', async () => {
    await startWithRooms({ shape: 'separate' }, 20)
    const reused = platform()
    await reused.listOpenRooms(timeout())
    avd.setListBehaviour({ ret: 17 }, 'participants')
    expect(await errorReason(reused.listOpenRooms(timeout()))).toBe('refused')
    expect(avd.requestCounts['/sdkapi/v2/app/get_token']).toBe(2)
  })

  it('does not request the list if the login is refused', async () => {
    await startWithRooms()
    expect(await errorReason(platform(null, 'wrong').listOpenRooms(timeout()))).toBe('refused')
    expect(avd.requestCounts['/sdkapi/v2/room/list'] ?? 0).toBe(0)
  })

  it('gives up after a second login if the list rejects every token', async () => {
    await startWithRooms()
    avd.setListBehaviour({ status: 401 })
    expect(await errorReason(platform().listOpenRooms(timeout()))).toBe('http_status')
    expect(avd.requestCounts['/sdkapi/v2/app/get_token']).toBe(2)
  })

  it('reports a platform that does not listen as unreachable', async () => {
    await startWithRooms()
    const reused = platform()
    await avd.stop()
    expect(await errorReason(reused.listOpenRooms(timeout()))).toBe('unreachable')
  })
})
