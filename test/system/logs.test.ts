import { startSimulatedAvd } from '@northbound/avd-simulator'
import { afterEach, describe, expect, it } from 'vitest'
import { subscribeQueue } from '../../packages/template-runner/test/support/subscribe-queue.ts'
import { type System, signParameters, startSystem } from '../support/system.ts'

const secrets = { key: 'K3Y-of-check-code', accessKey: 'ACC3SS', secretKey: 'S3CRET', apiToken: 'T0KEN-of-the-api' }
let system: System
afterEach(async () => void (await system?.run.stop()))

async function begin(options: Parameters<typeof startSystem>[0] = {}): Promise<string[]> {
  const lines: string[] = []
  system = await startSystem({ logs: 'all', log: (line) => lines.push(line), ...options })
  return lines
}

describe('the logs of all functions', () => {
  it('follow an event by its trace_id from the request to the state', async () => {
    const lines = await begin()
    const trace_id = '0d6f9e0a-3c5b-4c9c-8a4e-5f3f8a5b1c22'
    await system.callback({ event: 'join', trace_id, room_id: 'R', user_id: 'U', event_type: 'normal' })
    await system.settle()
    const of = (name: string) =>
      lines.filter((line) => line.startsWith(`${name}: {`)).map((line) => JSON.parse(line.slice(name.length + 2)))
    const received = of('ReceiveCallback').filter((line) => line.accepted === trace_id)
    expect(received).toEqual([{ accepted: trace_id, request_id: expect.any(String) }])
    const applied = of('ApplyEvents').filter((line) => line.trace_ids?.applied?.includes(trace_id))
    expect(applied).toMatchObject([{ message: 'batch done', level: 'INFO', service: 'apply-events' }])
  })

  it('say of a warning that it was sent, and of the next that it was suppressed', async () => {
    const lines = await begin()
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
    const about = (trace: string) =>
      lines.filter((line) => line.includes(`"trace_id":"${trace}"`) && line.includes('"B"'))
    expect(about('first').join()).toContain('"message":"alert sent"')
    expect(about('second').join()).toContain('"message":"warning suppressed')
  })

  it('hold no key, token or check_code, whatever goes wrong, and neither does what is told', async () => {
    const avd = await startSimulatedAvd({ ...secrets, checkCodeKey: secrets.key })
    const lines = await begin({
      checkCodeKey: secrets.key,
      apiToken: secrets.apiToken,
      avd: { baseUrl: avd.url, accessKey: secrets.accessKey, secretKey: secrets.secretKey },
    })
    const told = [
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
    for (const answer of ['html', 'unrecognisable', { status: 500 }] as const) {
      avd.setListBehaviour(answer)
      for (let sweep = 0; sweep < 3; sweep++) await system.run.invoke('ReconcileRooms', {})
    }
    for (const service of ['dynamodb', 'sqs', 'sns', 'secretsmanager']) {
      const mend = system.run.inject({ service })
      await system.callback(signParameters({ ...join, trace_id: service }, secrets.key))
      await system.query('/api/rooms')
      await system.run.invoke('ReconcileRooms', {})
      mend()
    }
    await avd.stop()
    await system.run.invoke('ReconcileRooms', {})
    const messages = JSON.stringify([await told[0]?.(), await told[1]?.()])
    const hidden = [...Object.values(secrets), 'T0KEN-of-the-platform', valid.check_code ?? '', wrong.check_code ?? '']
    expect(lines.length).toBeGreaterThan(10)
    expect(messages).toContain('sweep_failing')
    for (const secret of hidden) {
      expect(lines.filter((line) => line.includes(secret))).toEqual([])
      expect(messages).not.toContain(secret)
    }
  }, 60_000)
})
