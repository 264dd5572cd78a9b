import { startSimulatedAvd } from '@northbound/avd-simulator'
import { afterEach, describe, expect, it } from 'vitest'
import { subscribeQueue } from '../../packages/template-runner/test/support/subscribe-queue.ts'
import { type System, signParameters, startSystem } from '../support/system.ts'

const secrets = { key: 'K3Y-of-check-code', accessKey: 'ACC3SS', secretKey: 'S3CRET', apiToken: 'T0KEN-of-the-api' }
let system: System
afterEach(async () => void (await system?.run.stop()))

/** @returns the log lines, which are appended during the test. */
async function startLoggingSystem(options: Parameters<typeof startSystem>[0] = {}): Promise<string[]> {
  const lines: string[] = []
  system = await startSystem({ logs: 'all', log: (line) => lines.push(line), ...options })
  return lines
}

describe('the logs of the functions', () => {
  it('contain the trace_id of an event when it is accepted and when it is applied', async () => {
    const lines = await startLoggingSystem()
    const trace_id = '0d6f9e0a-3c5b-4c9c-8a4e-5f3f8a5b1c22'
    await system.callback({ event: 'join', trace_id, room_id: 'R', user_id: 'U', event_type: 'normal' })
    await system.settle()
    const parseLogs = (name: string) =>
      lines.filter((line) => line.startsWith(`${name}: {`)).map((line) => JSON.parse(line.slice(name.length + 2)))
    const received = parseLogs('ReceiveCallback').filter((line) => line.accepted === trace_id)
    expect(received).toEqual([{ accepted: trace_id, request_id: expect.any(String) }])
    const applied = parseLogs('ApplyEvents').filter((line) => line.trace_ids?.applied?.includes(trace_id))
    expect(applied).toMatchObject([{ message: 'batch processed', level: 'INFO', service: 'apply-events' }])
  })

  it('state that the alert of a first warning was sent and that of a second one was suppressed', async () => {
    const lines = await startLoggingSystem()
    const warn = async (trace_id: string) => {
      await system.callback({
        event: 'warning_notify',
        trace_id,
        event_type: 'check_port',
        box_code: 'B',
        options: '[]',
      })
      await system.settle()
    }
    await warn('first')
    await warn('second')
    const findLines = (trace: string) =>
      lines.filter((line) => line.includes(`"trace_id":"${trace}"`) && line.includes('"B"'))
    expect(findLines('first').join()).toContain('"message":"alert sent"')
    expect(findLines('second').join()).toContain('"message":"warning suppressed')
  })

  it('contain no key, token or check_code, even during failures, and neither do published messages', async () => {
    const avd = await startSimulatedAvd({ ...secrets, checkCodeKey: secrets.key })
    const lines = await startLoggingSystem({
      checkCodeKey: secrets.key,
      apiToken: secrets.apiToken,
      avd: { baseUrl: avd.url, accessKey: secrets.accessKey, secretKey: secrets.secretKey },
    })
    const subscriptions = [
      await subscribeQueue(system.run, system.run.outputs.AlertTopicArn),
      await subscribeQueue(system.run, system.run.outputs.RoomEventTopicArn),
    ]
    const join = { event: 'join', room_id: 'R', user_id: 'U', event_type: 'normal', token: 'T0KEN-of-the-platform' }
    const valid = signParameters({ ...join, trace_id: 't1' }, secrets.key)
    const wrong = signParameters({ ...join, trace_id: 't2' }, 'another')
    await system.callback(valid)
    await system.callback(wrong)
    await system.request('/room_event_history', {
      method: 'POST',
      body: JSON.stringify(valid),
      headers: { 'content-type': 'application/json' },
    })
    await system.request(`/room_event_history?${new URLSearchParams(valid)}&event=join`)
    await system.request('/api/rooms', { headers: { authorization: `Bearer ${secrets.apiToken}x` } })
    await system.request('/api/rooms?limit=x', { headers: { authorization: `Bearer ${secrets.apiToken}` } })
    for (const behaviour of ['html', 'unrecognisable', { status: 500 }] as const) {
      avd.setListBehaviour(behaviour)
      for (let sweep = 0; sweep < 3; sweep++) await system.run.invoke('ReconcileRooms', {})
    }
    for (const service of ['dynamodb', 'sqs', 'sns', 'secretsmanager']) {
      const removeFault = system.run.inject({ service })
      await system.callback(signParameters({ ...join, trace_id: service }, secrets.key))
      await system.query('/api/rooms')
      await system.run.invoke('ReconcileRooms', {})
      removeFault()
    }
    await avd.stop()
    await system.run.invoke('ReconcileRooms', {})
    const messages = JSON.stringify([await subscriptions[0]?.(), await subscriptions[1]?.()])
    const hiddenValues = [
      ...Object.values(secrets),
      'T0KEN-of-the-platform',
      valid.check_code ?? '',
      wrong.check_code ?? '',
    ]
    expect(lines.length).toBeGreaterThan(10)
    expect(messages).toContain('sweep_failing')
    for (const secret of hiddenValues) {
      expect(lines.filter((line) => line.includes(secret))).toEqual([])
      expect(messages).not.toContain(secret)
    }
  })
})
