import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { startCallbackServer } from './callback-server.ts'
import { startAvd } from './start-avd.ts'

describe('callback delivery', () => {
  it('keeps the order within a room and does not wait for other rooms', async () => {
    const allFast = Promise.withResolvers<void>()
    let fast = 0
    const server = await startCallbackServer(async ({ room_id }) => {
      if (room_id === 'slow') await allFast.promise
      else if (++fast === 5) allFast.resolve()
      return 200
    })
    const avd = await startAvd({ callbackUrl: server.url })
    for (const room of ['slow', 'fast']) {
      for (let user = 1; user <= 4; user += 1) void avd.join(room, String(user))
    }
    await avd.drainCallbacks()
    const eventsOf = (room: string) => server.events().filter((event) => event.includes(room))
    for (const room of ['slow', 'fast']) {
      const joins = [1, 2, 3, 4].map((user) => `join ${room} ${user}`)
      expect(eventsOf(room)).toEqual([`open ${room}`, ...joins])
    }
    const firstSix = server.events().slice(0, 6)
    expect(firstSix.toSorted()).toEqual([...eventsOf('slow').slice(0, 1), ...eventsOf('fast')].toSorted())
  })

  it('sends at most sixteen callbacks concurrently', async () => {
    let concurrent = 0
    let maxConcurrent = 0
    const server = await startCallbackServer(async () => {
      concurrent += 1
      maxConcurrent = Math.max(maxConcurrent, concurrent)
      await sleep(20)
      concurrent -= 1
      return 200
    })
    const avd = await startAvd({ callbackUrl: server.url })
    for (let room = 0; room < 40; room += 1) void avd.openRoom(String(room))
    await avd.drainCallbacks()
    expect(server.received).toHaveLength(40)
    expect(maxConcurrent).toBe(16)
  })

  it('resolves even without a URL, without a connection or with an error status', async () => {
    const server = await startCallbackServer(() => 503)
    const avd = await startAvd()
    expect(await avd.openRoom('1')).toBeUndefined()
    avd.callbackUrl = 'http://127.0.0.1:1'
    expect(await avd.openRoom('2')).toBeUndefined()
    avd.callbackUrl = server.url
    expect(await avd.openRoom('3')).toBe(503)
    expect(avd.rooms.map(({ room_id }) => room_id)).toEqual(['1', '2', '3'])
    expect(avd.callbackCounts).toEqual({ responded: 1, dropped: 0, failed: 2 })
  })
})

describe('dropCallbacks', () => {
  it('drops the callbacks that match a predicate', async () => {
    const server = await startCallbackServer()
    const avd = await startAvd({ callbackUrl: server.url })
    avd.dropCallbacks(({ event, user_id }) => event === 'join' && user_id === '2')
    expect(await avd.join('7', '1')).toBe(200)
    expect(await avd.join('7', '2')).toBeUndefined()
    avd.dropCallbacks(0)
    expect(await avd.join('7', '3')).toBe(200)
    expect(server.events()).toEqual(['open 7', 'join 7 1', 'join 7 3'])
    expect(avd.rooms[0]?.users.map(({ user_id }) => user_id)).toEqual(['1', '2', '3'])
  })

  it('drops a share of the callbacks that the seed determines', async () => {
    const server = await startCallbackServer()
    const openRooms = async (seed: number) => {
      const avd = await startAvd({ callbackUrl: server.url, seed })
      avd.dropCallbacks(0.5)
      return Promise.all(Array.from({ length: 40 }, (_, room) => avd.openRoom(String(room))))
    }
    const statuses = await openRooms(3)
    expect(await openRooms(3)).toEqual(statuses)
    expect(await openRooms(4)).not.toEqual(statuses)
    const dropped = statuses.filter((status) => status === undefined).length
    expect(dropped).toBeGreaterThan(8)
    expect(dropped).toBeLessThan(32)
  })
})
