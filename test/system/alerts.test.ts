import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { synthesize } from '../../local/synthesize.ts'
import { type QueuedNotification, subscribeQueue } from '../../packages/template-runner/test/support/subscribe-queue.ts'
import { type System, startSystem } from '../support/system.ts'

const windowMs = 10 * 60_000
let assembly: string

beforeAll(async () => {
  const context = { allowUnsigned: 'true', alertEmails: 'ops@example.com', alertPhones: '+8613800138000' }
  const { directory, remove } = await synthesize(context)
  assembly = directory
  return remove
})

let system: System
let alerts: () => Promise<QueuedNotification[]>
let serial = 0

/** @param visibilityTimeoutSeconds after which failed messages come again; longer than a function takes here. */
async function begin(visibilityTimeoutSeconds?: number): Promise<void> {
  system = await startSystem({ assembly, ...(visibilityTimeoutSeconds && { visibilityTimeoutSeconds }) })
  alerts = await subscribeQueue(system.run, system.run.outputs.AlertTopicArn, { kind: ['port_check'] })
}
afterEach(async () => {
  await system.run.stop()
  expect(system.run.denials).toEqual([])
})

const warning = (box_code = 'box-01', options = '[{"type":"tcp","port":8088}]') => ({
  event: 'warning_notify',
  event_type: 'check_port',
  trace_id: `warning-${serial++}`,
  box_code,
  options,
})
/** Of the state of box-01; undefined before there is one. */
const alertsCounted = async () => {
  const item = await system.storedItem('box/box-01', 'box')
  return (item as { state: { M: { alerts_sent: { N: string } } } } | undefined)?.state.M.alerts_sent.N
}
const messages = (protocol: string) => system.run.outbox.filter((letter) => letter.protocol === protocol)

describe('a port-check warning', () => {
  it('reaches a subscribed queue exactly as the contract says', async () => {
    await begin()
    const params = warning('box-01', '[{"type":"tcp","port":8088}, {"type":"websocket","port":7630}]')
    const before = Date.now()
    await system.callback(params)
    await system.settle()
    const [alert, ...others] = await alerts()
    expect(others).toEqual([])
    expect(alert?.payload).toEqual({
      kind: 'port_check',
      box_code: 'box-01',
      ports: [
        { type: 'tcp', port: 8088 },
        { type: 'websocket', port: 7630 },
      ],
      trace_id: params.trace_id,
      received_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      suppressed: 0,
    })
    expect(Date.parse(String(alert?.payload.received_at))).toBeGreaterThanOrEqual(before)
    expect(alert?.attributes).toMatchObject({ kind: 'port_check', box_code: 'box-01' })
  })

  it('goes out as an e-mail and a text message to those of the context', async () => {
    await begin()
    await system.callback(warning())
    await system.settle()
    expect(messages('email')).toMatchObject([
      {
        endpoint: 'ops@example.com',
        subject: '[AVD] box-01: 1 port not reachable: tcp 8088',
        text: expect.stringContaining('媒体服务器：box-01\n无法连接的端口（1 个）：\n  tcp 8088\n'),
      },
    ])
    expect(messages('sms')).toMatchObject([
      { endpoint: '+8613800138000', text: expect.stringMatching(/^AVD> box-01 端口不通：tcp 8088 \d\d:\d\d$/) },
    ])
  })

  it('of 500 within a minute alerts once; another box and other ports at once; the next window tells of 499', async () => {
    await begin()
    const began = Date.now()
    for (let at = 0; at < 500; at++) await system.enqueue(warning(), began + at * 100)
    await system.run.idle(30_000)
    expect((await alerts()).map(({ payload }) => payload.suppressed)).toEqual([0])
    await system.enqueue(warning('box-02'), began + 50_000)
    await system.enqueue(warning('box-01', '[{"type":"tcp","port":1935}]'), began + 50_000)
    await system.settle()
    expect((await alerts()).map(({ payload }) => [payload.box_code, payload.suppressed])).toEqual(
      expect.arrayContaining([
        ['box-01', 0],
        ['box-02', 0],
      ]),
    )
    // The window begins with the warning that was told, which of two batches at once may be a later one of the minute.
    await system.enqueue(warning(), began + 60_000 + windowMs)
    await system.settle()
    expect((await alerts()).map(({ payload }) => payload.suppressed)).toEqual([499])
    expect(await system.storedItem('box/box-01', 'box')).toMatchObject({
      state: { M: { alerts_sent: { N: '3' }, alerts_suppressed: { N: '499' } } },
    })
    expect(messages('sms').at(-1)?.text).toContain(' 另有499次 ')
  }, 60_000)

  it('that comes twice, as the same call, alerts once', async () => {
    await begin()
    const params = warning()
    await system.callback(params)
    await system.settle()
    await system.callback(params)
    await system.settle()
    expect(await alerts()).toHaveLength(1)
  })

  it.each([
    ['', '平台没有说明是哪些端口。', {}],
    ['port 8088 is down', '端口信息无法识别，原文：\n  port 8088 is down', { options: 'port 8088 is down' }],
    [
      JSON.stringify(Array.from({ length: 500 }, (_, port) => ({ type: 'udp', port }))),
      '无法连接的端口（500 个）：',
      {},
    ],
  ])('whose options are %.20j alerts and says so', async (options, said, more) => {
    await begin()
    await system.callback(warning('box-01', options))
    await system.settle()
    const [alert] = await alerts()
    expect(alert?.payload).toMatchObject({
      kind: 'port_check',
      ports: { length: options.length > 100 ? 500 : 0 },
      ...more,
    })
    expect(messages('email')[0]?.text).toContain(said)
  })

  it('while SNS is down is applied, and alerts once when it is back', async () => {
    await begin(4)
    const mend = system.run.inject({ service: 'sns', principal: 'ApplyEvents' })
    await system.callback(warning())
    await expect.poll(alertsCounted, { timeout: 10_000 }).toBe('1')
    expect(await alerts()).toEqual([])
    mend()
    await system.run.idle(30_000)
    expect(await alerts()).toHaveLength(1)
    expect(messages('email')).toHaveLength(1)
    expect(await system.countMessages('DeadLetterQueueUrl')).toBe(0)
  })

  it('while SNS does not answer is applied, and alerts once when it does', async () => {
    await begin()
    const mend = system.run.inject({ service: 'sns', principal: 'ApplyEvents', hang: true })
    await system.callback(warning())
    await expect.poll(alertsCounted, { timeout: 10_000 }).toBe('1')
    mend()
    await system.run.idle(25_000)
    expect(await alerts()).toHaveLength(1)
  }, 40_000)
})

describe('an alarm', () => {
  it('goes off when an event is among the dead messages, once, to everybody who is subscribed', async () => {
    await begin(1)
    const all = await subscribeQueue(system.run, system.run.outputs.AlertTopicArn)
    await system.run.evaluateAlarms()
    const mend = system.run.inject({ service: 'dynamodb', principal: 'ApplyEvents' })
    await system.callback({ event: 'open', trace_id: 't', room_id: 'R' })
    await system.run.idle(40_000)
    mend()
    expect(await system.countMessages('DeadLetterQueueUrl')).toBe(1)
    await system.run.evaluateAlarms()
    await system.run.evaluateAlarms()
    const raised = (await all()).filter(({ payload }) => payload.AlarmName === 'Northbound-dead-letters')
    expect(raised).toMatchObject([
      {
        subject: 'ALARM: "Northbound-dead-letters" in US East (N. Virginia)',
        payload: {
          NewStateValue: 'ALARM',
          AlarmDescription: expect.stringMatching(/^影响：.*\nImpact: .*\n.*docs\/runbook\.md#dead-letters$/),
        },
      },
    ])
    expect(messages('email').find(({ subject }) => subject === raised[0]?.subject)?.text).toContain('影响：')
    expect(messages('sms').map(({ text }) => text)).toContain(`AVD> ${raised[0]?.subject}`)
    expect(system.run.alarms()).toContainEqual(
      expect.objectContaining({ name: 'Northbound-dead-letters', state: 'ALARM' }),
    )
  }, 60_000)

  it('goes off when signatures are refused', async () => {
    system = await startSystem({ checkCodeKey: 'k' })
    for (let call = 0; call < 5; call++)
      await system.callback({
        event: 'open',
        trace_id: `t${call}`,
        room_id: 'R',
        ...(call % 2 ? { check_code: 'x' } : {}),
      })
    await system.run.evaluateAlarms()
    const alarms = system.run.alarms().filter(({ state }) => state === 'ALARM')
    expect(alarms).toEqual([expect.objectContaining({ name: 'Northbound-refused-signatures' })])
  })
})
