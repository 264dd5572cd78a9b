import { beforeEach, describe, expect, it } from 'vitest'
import type { CallbackStatus, SimulatedAvd } from '../../src/index.ts'
import { type CallbackServer, startCallbackServer } from './callback-server.ts'
import { startAvd } from './start-avd.ts'

const trace_id = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
const epochSeconds = expect.stringMatching(/^\d{10}$/)
const room = { room_id: '7', trace_id }
const user = { ...room, user_id: '1' }

describe('callback parameters', () => {
  let server: CallbackServer
  let avd: SimulatedAvd
  beforeEach(async () => {
    server = await startCallbackServer()
    avd = await startAvd({ callbackUrl: server.url })
  })

  /** Checks that the last callback got a response and had exactly these parameters. */
  async function expectCallback(status: Promise<CallbackStatus>, params: object): Promise<void> {
    expect(await status).toBe(200)
    expect(server.received.at(-1)).toEqual({ method: 'GET', path: '/base/feedback', params })
  }

  it('match the document for rooms and users', async () => {
    const client = { user_name: '王小明', endpoint_type: 'ios' }
    await expectCallback(avd.openRoom('7'), { event: 'open', ...room })
    await expectCallback(avd.join('7', '1', client), { event: 'join', ...user, event_type: 'normal', ...client })
    await expectCallback(avd.rename('7', '1', '王明'), {
      event: 'update',
      ...user,
      event_type: 'userInfo',
      user_name: '王明',
    })
    await expectCallback(avd.leave('7', '1', 'clientKick'), { event: 'leave', ...user, event_type: 'clientKick' })
    await expectCallback(avd.closeRoom('7', 'auto'), { event: 'close', ...room, event_type: 'auto' })
    expect(server.received).toHaveLength(5)
  })

  it('match the document for streams and subscriptions', async () => {
    const video = { stream_id: 'v', stream_type: 'video' } as const
    const audio = { stream_id: 'a', stream_type: 'audio' } as const
    const published = { ...user, ...video, resolution: '640x360' }
    await avd.join('7', '1')
    await expectCallback(avd.publish('7', '1', { ...video, resolution: '640x360' }), { event: 'publish', ...published })
    await expectCallback(avd.unpublish('7', '1', 'v'), { event: 'unpublish', ...published })
    await expectCallback(avd.publish('7', '1', audio), { event: 'publish', ...user, ...audio })
    await expectCallback(avd.subscribe('7', '1', video), { event: 'sub', ...user, ...video })
    await expectCallback(avd.unsubscribe('7', '1', 'v'), { event: 'unsub', ...user, ...video })
    expect(server.received).toHaveLength(7)
  })

  it('name the start of each recording of an exporter that records again before its files are ready', async () => {
    await avd.openRoom('7')
    await avd.startRecording('7', { exporter_id: 'x' })
    await avd.stopRecording('x')
    await avd.startRecording('7', { exporter_id: 'x' })
    await avd.completeRecording('x')
    await avd.stopRecording('x')
    const sent = server.received.slice(-5).map(({ params }) => [params.event, params.start_time])
    const [[, first] = [], , [, second] = []] = sent
    expect(first).not.toBe(second)
    expect(sent).toEqual([
      ['start_record', first],
      ['stop_record', first],
      ['start_record', second],
      ['record_transcoding_completion', first],
      ['stop_record', second],
    ])
  })

  it('match the document for recordings, which outlive their room', async () => {
    const exporter = { ...room, exporter_type: 'mp4', exporter_id: 'x' }
    const files = '[{"file":"/a.mp4"}]'
    await avd.openRoom('7')
    await expectCallback(avd.startRecording('7', { exporter_id: 'x' }), {
      event: 'start_record',
      ...exporter,
      event_type: 'success',
      start_time: epochSeconds,
    })
    await avd.closeRoom('7')
    await expectCallback(avd.stopRecording('x', { failure: 'disk full' }), {
      event: 'stop_record',
      ...exporter,
      event_type: 'faild',
      start_time: epochSeconds,
      stop_time: epochSeconds,
      options: 'disk full',
    })
    await expectCallback(avd.completeRecording('x', { files }), {
      event: 'record_transcoding_completion',
      ...exporter,
      event_type: 'success',
      start_time: epochSeconds,
      options: files,
    })
    expect(() => avd.completeRecording('x')).toThrow('no simulated recording x')
    await expectCallback(avd.startRecording('7', { exporter_id: 'y', failure: 'no licence' }), {
      event: 'start_record',
      ...exporter,
      exporter_id: 'y',
      event_type: 'faild',
      options: 'no licence',
    })
    expect(server.received).toHaveLength(6)
  })

  it('match the document for port warnings', async () => {
    const ports = [
      { type: 'tcp', port: 8088 },
      { type: 'websocket', port: 7630 },
    ]
    await expectCallback(avd.sendPortWarning('box-01', ports), {
      event: 'warning_notify',
      trace_id,
      event_type: 'check_port',
      box_code: 'box-01',
      options: '[{"type":"tcp","port":8088}, {"type":"websocket","port":7630}]',
    })
    expect(server.received).toHaveLength(1)
  })
})
