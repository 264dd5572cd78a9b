import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { vectorKey, vectors } from '../../../test/support/vectors.ts'
import { signed } from '../src/sign.ts'
import { type SimulatedAvdOptions, startSimulatedAvd } from '../src/simulated-avd.ts'
import { startReceiver } from './callback-receiver.ts'

async function start(options: Partial<SimulatedAvdOptions> = {}) {
  const avd = await startSimulatedAvd({ accessKey: 'a', secretKey: 's', ...options })
  onTestFinished(() => avd.stop())
  return avd
}

const uuid = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)

describe('A callback of the simulated installation', () => {
  it('has for each event the parameters of the document', async () => {
    const receiver = await startReceiver()
    const avd = await start({ callbackUrl: receiver.url })
    const video = { stream_id: 'v', stream_type: 'video' } as const
    const room = { room_id: '7', trace_id: uuid }
    const user = { ...room, user_id: '1' }
    const expected: object[] = []
    const happened = async (answer: Promise<number | undefined>, params: object) => {
      expect(await answer).toBe(200)
      expected.push(params)
    }
    await happened(avd.openRoom('7'), { event: 'open', ...room })
    const client = { user_name: '王小明', endpoint_type: 'ios' }
    await happened(avd.join('7', '1', client), { event: 'join', ...user, event_type: 'normal', ...client })
    const published = { ...user, ...video, resolution: '640x360' }
    await happened(avd.publish('7', '1', { ...video, resolution: '640x360' }), { event: 'publish', ...published })
    await happened(avd.unpublish('7', '1', 'v'), { event: 'unpublish', ...published })
    await happened(avd.publish('7', '1', { stream_id: 'a', stream_type: 'audio' }), {
      event: 'publish',
      ...user,
      stream_id: 'a',
      stream_type: 'audio',
    })
    await happened(avd.subscribe('7', '1', video), { event: 'sub', ...user, ...video })
    await happened(avd.unsubscribe('7', '1', 'v'), { event: 'unsub', ...user, ...video })
    await happened(avd.rename('7', '1', '王明'), {
      event: 'update',
      ...user,
      event_type: 'userInfo',
      user_name: '王明',
    })
    const exporter = { ...room, exporter_type: 'mp4', exporter_id: 'x' }
    const start_time = expect.stringMatching(/^\d{10}$/)
    const files = '[{"file":"/a.mp4"}]'
    await happened(avd.startRecording('7', { exporter_id: 'x' }), {
      event: 'start_record',
      ...exporter,
      event_type: 'success',
      start_time,
    })
    await happened(avd.leave('7', '1', 'clientKick'), { event: 'leave', ...user, event_type: 'clientKick' })
    await happened(avd.closeRoom('7', 'auto'), { event: 'close', ...room, event_type: 'auto' })
    await happened(avd.stopRecording('x', { failure: 'disk full' }), {
      event: 'stop_record',
      ...exporter,
      event_type: 'faild',
      start_time,
      stop_time: start_time,
      options: 'disk full',
    })
    await happened(avd.completeRecording('x', { files }), {
      event: 'record_transcoding_completion',
      ...exporter,
      event_type: 'success',
      start_time,
      options: files,
    })
    await happened(avd.startRecording('7', { exporter_id: 'y', failure: 'no licence' }), {
      event: 'start_record',
      ...exporter,
      exporter_id: 'y',
      event_type: 'faild',
      options: 'no licence',
    })
    const ports = [
      { type: 'tcp', port: 8088 },
      { type: 'websocket', port: 7630 },
    ]
    await happened(avd.warn('box-01', ports), {
      event: 'warning_notify',
      trace_id: uuid,
      event_type: 'check_port',
      box_code: 'box-01',
      options: '[{"type":"tcp","port":8088}, {"type":"websocket","port":7630}]',
    })
    expect(receiver.received.map(({ params }) => params)).toEqual(expected)
    expect(new Set(receiver.received.map(({ method, path }) => `${method} ${path}`))).toEqual(
      new Set(['GET /base/feedback']),
    )
  })

  it('is signed where a key is set, and can be a POST', async () => {
    const receiver = await startReceiver()
    const avd = await start({ callbackUrl: receiver.url, checkCodeKey: 'k', method: 'POST' })
    await avd.join('7', '1', { user_name: '李雷 & a|b' })
    const join = receiver.received[1]
    const { check_code, ...rest } = join?.params ?? {}
    expect(join?.method).toBe('POST')
    expect(check_code).toBe(signed(rest, 'k').check_code)
    expect(rest).toMatchObject({ event: 'join', user_name: '李雷 & a|b' })
  })

  it.each(vectors)('is signed as the test vectors say: $check_code', ({ params, check_code }) => {
    expect(signed(params, vectorKey).check_code).toBe(check_code)
  })

  it('comes in order about one room, and does not wait for other rooms', async () => {
    const receiver = await startReceiver(async ({ room_id }) => {
      if (room_id === 'slow') await sleep(30)
      return 200
    })
    const avd = await start({ callbackUrl: receiver.url })
    for (const room of ['slow', 'fast']) {
      for (let user = 1; user <= 4; user += 1) void avd.join(room, String(user))
    }
    await avd.settled()
    const of = (room: string) => receiver.events().filter((event) => event.includes(room))
    for (const room of ['slow', 'fast']) {
      const joins = [1, 2, 3, 4].map((user) => `join ${room} ${user}`)
      expect(of(room)).toEqual([`open ${room}`, ...joins])
    }
    expect(receiver.events().slice(0, 6).toSorted()).toEqual([...of('slow').slice(0, 1), ...of('fast')].toSorted())
  })

  it('is at most one of sixteen under way', async () => {
    let most = 0
    let underWay = 0
    const receiver = await startReceiver(async () => {
      underWay += 1
      most = Math.max(most, underWay)
      await sleep(20)
      underWay -= 1
      return 200
    })
    const avd = await start({ callbackUrl: receiver.url })
    for (let room = 0; room < 40; room += 1) void avd.openRoom(String(room))
    await avd.settled()
    expect(receiver.received).toHaveLength(40)
    expect(most).toBe(16)
  })

  it('that is refused, unheard or not to be sent anywhere fails nothing', async () => {
    const receiver = await startReceiver(() => 503)
    const avd = await start()
    expect(await avd.openRoom('1')).toBeUndefined()
    avd.callbackUrl = 'http://127.0.0.1:1'
    expect(await avd.openRoom('2')).toBeUndefined()
    avd.callbackUrl = receiver.url
    expect(await avd.openRoom('3')).toBe(503)
    expect(avd.world().map(({ room_id }) => room_id)).toEqual(['1', '2', '3'])
    expect(avd.callbackCounts).toEqual({ answered: 1, lost: 0, failed: 2 })
  })

  it('can be lost: chosen ones, or a share that the seed decides', async () => {
    const receiver = await startReceiver()
    const avd = await start({ callbackUrl: receiver.url })
    avd.loseCallbacks(({ event, user_id }) => event === 'join' && user_id === '2')
    expect(await avd.join('7', '1')).toBe(200)
    expect(await avd.join('7', '2')).toBeUndefined()
    avd.loseCallbacks(0)
    expect(await avd.join('7', '3')).toBe(200)
    expect(receiver.events()).toEqual(['open 7', 'join 7 1', 'join 7 3'])
    expect(avd.world()[0]?.users.map(({ user_id }) => user_id)).toEqual(['1', '2', '3'])

    const losses = async (seed: number) => {
      const other = await start({ callbackUrl: receiver.url, seed })
      other.loseCallbacks(0.5)
      return Promise.all(Array.from({ length: 40 }, (_, room) => other.openRoom(String(room))))
    }
    const first = await losses(3)
    expect(await losses(3)).toEqual(first)
    expect(await losses(4)).not.toEqual(first)
    const lost = first.filter((status) => status === undefined).length
    expect(lost).toBeGreaterThan(8)
    expect(lost).toBeLessThan(32)
  })
})

describe('A crash of the simulated media server', () => {
  it('empties the world and announces nothing, not even what waits to be sent', async () => {
    const receiver = await startReceiver(async () => {
      await sleep(10)
      return 200
    })
    const avd = await start({ callbackUrl: receiver.url })
    await avd.join('7', '1')
    const waiting = [avd.join('7', '2'), avd.join('7', '3')]
    const lost = avd.crash()
    expect(lost.map(({ user_id }) => user_id)).toEqual(['1', '2', '3'])
    expect(avd.world()).toEqual([])
    expect(await waiting[1]).toBeUndefined()
    expect(receiver.events()).not.toContain('join 7 3')
    expect(receiver.events().filter((event) => /^(leave|close)/.test(event))).toEqual([])
  })

  it('is followed by a second open, join and publish of those who come back, and of no others', async () => {
    const receiver = await startReceiver()
    const avd = await start({ callbackUrl: receiver.url })
    const client = { user_name: '张三', endpoint_type: 'mac' }
    await avd.join('7', '1', client)
    await avd.publish('7', '1', { stream_id: 'a', stream_type: 'audio' })
    await avd.join('7', '2')
    await avd.join('8', '3')
    const [before] = avd.world()
    avd.crash()
    receiver.received.length = 0
    expect(await avd.recover([{ room_id: '7', user_id: '1' }])).toEqual([200, 200])
    expect(receiver.events()).toEqual(['open 7', 'join 7 1', 'publish 7 1'])
    expect(receiver.received[1]?.params).toMatchObject(client)
    expect(avd.world()).toEqual([{ room_id: '7', users: before?.users.slice(0, 1) }])
    await avd.recover()
    expect(receiver.events().slice(3)).toEqual(['join 7 2', 'open 8', 'join 8 3'])
    await expect(avd.recover([{ room_id: '7', user_id: '1' }])).rejects.toThrow('was not in the last crash')
  })
})

describe('Whoever directs the simulated world', () => {
  it('is told what cannot happen', async () => {
    const avd = await start()
    await avd.join('7', '1')
    expect(() => avd.leave('7', '2')).toThrow('room 7 has no user 2')
    expect(() => avd.closeRoom('8')).toThrow('no open simulated room 8')
    expect(() => avd.unpublish('7', '1', 'x')).toThrow('no simulated stream x')
    expect(() => avd.stopRecording('x')).toThrow('no simulated recording x')
  })
})
