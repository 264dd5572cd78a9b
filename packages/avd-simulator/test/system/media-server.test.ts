import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { startCallbackServer } from './callback-server.ts'
import { startAvd } from './start-avd.ts'

describe('SimulatedAvd.crash', () => {
  it('closes all rooms without a callback and discards pending callbacks', async () => {
    const server = await startCallbackServer(async () => {
      await sleep(10)
      return 200
    })
    const avd = await startAvd({ callbackUrl: server.url })
    await avd.join('7', '1')
    const pending = [avd.join('7', '2'), avd.join('7', '3')]
    const disconnected = avd.crash()
    expect(disconnected.map(({ user_id }) => user_id)).toEqual(['1', '2', '3'])
    expect(avd.rooms).toEqual([])
    expect(await pending[1]).toBeUndefined()
    expect(server.events()).not.toContain('join 7 3')
    expect(server.events().filter((event) => /^(leave|close)/.test(event))).toEqual([])
  })
})

describe('SimulatedAvd.recover', () => {
  it('sends open, join and publish again for the users who reconnect, and not for the others', async () => {
    const server = await startCallbackServer()
    const avd = await startAvd({ callbackUrl: server.url })
    const client = { user_name: '张三', endpoint_type: 'mac' }
    await avd.join('7', '1', client)
    await avd.publish('7', '1', { stream_id: 'a', stream_type: 'audio' })
    await avd.join('7', '2')
    await avd.join('8', '3')
    const [roomBefore] = avd.rooms
    avd.crash()
    server.received.length = 0
    expect(await avd.recover([{ room_id: '7', user_id: '1' }])).toEqual([200, 200])
    expect(server.events()).toEqual(['open 7', 'join 7 1', 'publish 7 1'])
    expect(server.received[1]?.params).toMatchObject(client)
    expect(avd.rooms).toEqual([{ room_id: '7', users: roomBefore?.users.slice(0, 1) }])
    await avd.recover()
    expect(server.events().slice(3)).toEqual(['join 7 2', 'open 8', 'join 8 3'])
    await expect(avd.recover([{ room_id: '7', user_id: '1' }])).rejects.toThrow('not disconnected by the last crash')
  })
})

describe('an action that contradicts the state of the installation', () => {
  it('throws', async () => {
    const avd = await startAvd()
    await avd.join('7', '1')
    expect(() => avd.leave('7', '2')).toThrow('room 7 has no user 2')
    expect(() => avd.closeRoom('8')).toThrow('no open simulated room 8')
    expect(() => avd.unpublish('7', '1', 'x')).toThrow('no simulated stream x')
    expect(() => avd.stopRecording('x')).toThrow('no simulated recording x')
  })
})
