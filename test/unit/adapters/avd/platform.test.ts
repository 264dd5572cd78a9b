import { customListPaths, type SimulatedAvd, startSimulatedAvd } from '@northbound/avd-simulator'
import { afterEach, describe, expect, it } from 'vitest'
import type { ListPaths } from '../../../../adapters/avd/avd-settings.ts'
import { PlatformError } from '../../../../adapters/avd/http.ts'
import { avdPlatform } from '../../../../adapters/avd/platform.ts'
import type { ObservedRoom } from '../../../../core/reconciliation/compare.ts'

const keys = { accessKey: 'ak', secretKey: 'sk' }
const soon = () => AbortSignal.timeout(2000)

describe("the platform's room list", () => {
  let avd: SimulatedAvd
  afterEach(() => avd.stop())

  const platform = (list_paths: ListPaths | null = null, secret_key = keys.secretKey) =>
    avdPlatform({ base_url: avd.url, access_key: keys.accessKey, secret_key, list_paths })

  async function furnished(shape: Parameters<typeof startSimulatedAvd>[0]['shape'], rooms = 3): Promise<void> {
    avd = await startSimulatedAvd({ ...keys, ...(shape === undefined ? {} : { shape }) })
    for (let room = 0; room < rooms; room++) {
      void avd.openRoom(`R${room}`)
      for (let user = 0; user < room % 4; user++) void avd.join(`R${room}`, `U${user}`, { user_name: `名${user}` })
    }
  }
  const ids = (rooms: readonly ObservedRoom[]) =>
    rooms.map(({ room_id, users }) => `${room_id}: ${users.map((user) => user.user_id).join()}`)
  const expected = () =>
    avd.rooms.map(({ room_id, users }) => `${room_id}: ${users.map((user) => user.user_id).join()}`)
  const refusal = async (list: Promise<unknown>) => {
    const error: unknown = await list.then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    return error instanceof PlatformError ? error.reason : error
  }

  it.each(['data.list', 'rooms', 'data', 'separate', 'paged'] as const)(
    'is recognised in the shape %s',
    async (shape) => {
      await furnished(shape, 120)
      expect(ids(await platform().listOpenRooms(soon()))).toEqual(expected())
    },
  )

  it('brings names and endpoints where the list has them', async () => {
    await furnished('data.list')
    const [, room] = await platform().listOpenRooms(soon())
    expect(room?.users).toEqual([{ user_id: 'U0', user_name: '名0', endpoint_type: 'web' }])
  })

  it('is read by the paths of the secret where its shape is none of these, and is no answer without them', async () => {
    await furnished('custom')
    expect(ids(await platform(customListPaths).listOpenRooms(soon()))).toEqual(expected())
    expect(await refusal(platform().listOpenRooms(soon()))).toBe('unrecognised')
    expect(await refusal(platform({ ...customListPaths, rooms: 'result.other' }).listOpenRooms(soon()))).toBe(
      'unrecognised',
    )
    expect(await refusal(platform({ ...customListPaths, user_id: 'account.no' }).listOpenRooms(soon()))).toBe(
      'unrecognised',
    )
  })

  it('asks for the people of each room where the list does not tell them', async () => {
    await furnished('separate', 20)
    await platform().listOpenRooms(soon())
    expect(avd.requestCounts['/sdkapi/v2/room/participate/list']).toBe(20)
  })

  it.each([
    [{ status: 500 }, 'http_status'],
    [{ ret: 17 }, 'refused'],
    ['html', 'not_json'],
    ['unrecognisable', 'unrecognised'],
    ['half', 'not_json'],
    ['timeout', 'timeout'],
  ] as const)('is no answer when it is %j', async (how, reason) => {
    await furnished('data.list')
    avd.setListBehaviour(how)
    expect(await refusal(platform().listOpenRooms(AbortSignal.timeout(300)))).toBe(reason)
  })

  it.each([
    ['half', 'incomplete'],
    ['half-failing', 'http_status'],
  ] as const)('is no answer when pages are missing (%s)', async (how, reason) => {
    await furnished('paged', 120)
    avd.setListBehaviour(how)
    expect(await refusal(platform().listOpenRooms(soon()))).toBe(reason)
  })

  it('is no answer when the people of a room that is still open are refused', async () => {
    await furnished('separate')
    avd.setListBehaviour({ ret: 17 }, 'participants')
    expect(await refusal(platform().listOpenRooms(soon()))).toBe('refused')
  })

  it('an empty list is an answer', async () => {
    await furnished('data.list')
    avd.setListBehaviour('empty')
    expect(await platform().listOpenRooms(soon())).toEqual([])
  })

  it('is asked with one log-in for many sweeps, and one more when the token has expired', async () => {
    await furnished('data.list')
    const asked = platform()
    await asked.listOpenRooms(soon())
    await asked.listOpenRooms(soon())
    expect(avd.requestCounts['/sdkapi/v2/app/get_token']).toBe(1)
    avd.expireTokens()
    expect(ids(await asked.listOpenRooms(soon()))).toEqual(expected())
    expect(avd.requestCounts['/sdkapi/v2/app/get_token']).toBe(2)
  })

  it('gives up until the next sweep where the keys are wrong', async () => {
    await furnished('data.list')
    expect(await refusal(platform(null, 'wrong').listOpenRooms(soon()))).toBe('refused')
    expect(avd.requestCounts['/sdkapi/v2/room/list'] ?? 0).toBe(0)
  })

  it('gives up after one more log-in where the list refuses every token', async () => {
    await furnished('data.list')
    avd.setListBehaviour({ status: 401 })
    expect(await refusal(platform().listOpenRooms(soon()))).toBe('http_status')
    expect(avd.requestCounts['/sdkapi/v2/app/get_token']).toBe(2)
  })

  it('is no answer when nobody listens', async () => {
    await furnished('data.list')
    const asked = platform()
    await avd.stop()
    expect(await refusal(asked.listOpenRooms(soon()))).toBe('unreachable')
  })
})
