import { afterEach, beforeAll, describe, expect, inject, it } from 'vitest'
import { type QueuedNotification, subscribeQueue } from '../../packages/template-runner/test/support/subscribe-queue.ts'
import { synthesizeWithBundles } from '../support/synthesize-with-bundles.ts'
import { type System, startSystem } from '../support/system.ts'

const windowMs = 10 * 60_000
let assembly: string

beforeAll(async () => {
  const context = { allowUnsigned: 'true', alertEmails: 'ops@example.com', alertPhones: '+8613800138000' }
  const { directory, remove } = await synthesizeWithBundles(context, inject('assemblies').strict)
  assembly = directory
  return remove
})

let system: System
let alerts: () => Promise<QueuedNotification[]>
let warningCount = 0

async function startAlertingSystem(): Promise<void> {
  system = await startSystem({ assembly })
  const receive = await subscribeQueue(system.run, system.run.outputs.AlertTopicArn)
  alerts = async () => (await receive()).filter(({ payload }) => payload.kind === 'port_check')
}
afterEach(async () => {
  await system.run.stop()
  expect(system.run.denials).toEqual([])
})

const warning = (box_code = 'box-01', options = '[{"type":"tcp","port":8088}]') => ({
  event: 'warning_notify',
  event_type: 'check_port',
  trace_id: `warning-${warningCount++}`,
  box_code,
  options,
})
/** Reads `alerts_sent` of box-01; undefined if box-01 has no state yet. */
const readAlertsSent = async () => {
  const item = await system.storedItem({ kind: 'box', box_code: 'box-01' })
  return (item as { state: { M: { alerts_sent: { N: string } } } } | undefined)?.state.M.alerts_sent.N
}
const sentMessages = (protocol: string) => system.run.outbox.filter((message) => message.protocol === protocol)
/** Without alarms, which can go off on a slow machine. */
const sentAlerts = (protocol: string) =>
  sentMessages(protocol).filter(({ text }) => !/^(The alarm|AVD> ALARM)/.test(text))

describe('a port-check warning', () => {
  it('reaches a subscribed queue in the form that the contract specifies', async () => {
    await startAlertingSystem()
    const params = warning('box-01', '[{"type":"tcp","port":8088}, {"type":"websocket","port":7630}]')
    const sentAtMs = Date.now()
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
    expect(Date.parse(String(alert?.payload.received_at))).toBeGreaterThanOrEqual(sentAtMs)
    expect(alert?.attributes).toEqual({})
  })

  it('is sent by e-mail and text message to the addresses in the context', async () => {
    await startAlertingSystem()
    await system.callback(warning())
    await system.settle()
    expect(sentAlerts('email')).toMatchObject([
      {
        endpoint: 'ops@example.com',
        subject: '[AVD] box-01: 1 port not reachable: tcp 8088',
        text: expect.stringContaining('媒体服务器：box-01\n无法连接的端口（1 个）：\n  tcp 8088\n'),
      },
    ])
    expect(sentAlerts('sms')).toMatchObject([
      { endpoint: '+8613800138000', text: expect.stringMatching(/^AVD> box-01 端口不通：tcp 8088 \d\d:\d\d$/) },
    ])
  })

  it('alerts once per window, media server and set of ports, and the next alert reports the suppressed warnings', async () => {
    await startAlertingSystem()
    const startMs = Date.now()
    for (let index = 0; index < 500; index++) await system.enqueue(warning(), startMs + index * 100)
    await system.settle()
    expect((await alerts()).map(({ payload }) => payload.suppressed)).toEqual([0])
    // Another media server and other ports are not suppressed.
    await system.enqueue(warning('box-02'), startMs + 50_000)
    await system.enqueue(warning('box-01', '[{"type":"tcp","port":1935}]'), startMs + 50_000)
    await system.settle()
    expect((await alerts()).map(({ payload }) => [payload.box_code, payload.suppressed])).toEqual(
      expect.arrayContaining([
        ['box-01', 0],
        ['box-02', 0],
      ]),
    )
    // The window starts at the warning that caused the alert. With concurrent batches, that can be any warning of the
    // minute, so the next one comes a full window after the minute.
    await system.enqueue(warning(), startMs + 60_000 + windowMs)
    await system.settle()
    expect((await alerts()).map(({ payload }) => payload.suppressed)).toEqual([499])
    expect(await system.storedItem({ kind: 'box', box_code: 'box-01' })).toMatchObject({
      state: { M: { alerts_sent: { N: '3' }, alerts_suppressed: { N: '499' } } },
    })
    expect(sentMessages('sms').at(-1)?.text).toContain(' 另有499次 ')
  })

  it('alerts once if the same callback arrives twice', async () => {
    await startAlertingSystem()
    const params = warning()
    await system.callback(params)
    await system.settle()
    await system.callback(params)
    await system.settle()
    expect(await alerts()).toHaveLength(1)
  })

  it('is followed by one all-clear after three windows without a further one, also without a platform', async () => {
    await startAlertingSystem()
    const receive = await subscribeQueue(system.run, system.run.outputs.AlertTopicArn)
    const sweep = async () => {
      expect(await system.run.invoke('ReconcileRooms', {})).toMatchObject({ payload: { outcome: 'not_configured' } })
      return (await receive()).map(({ payload }) => payload).filter(({ kind }) => kind === 'all_clear')
    }
    const lastWarningAt = Date.now() - 3 * windowMs
    await system.enqueue(warning(), lastWarningAt - 1000)
    await system.enqueue(warning('box-02'), lastWarningAt + 60_000)
    await system.settle()
    // This one is suppressed, but postpones the all-clear.
    await system.enqueue(warning(), lastWarningAt)
    await system.settle()
    expect(await sweep()).toEqual([
      {
        kind: 'all_clear',
        alert: 'port_check',
        box_code: 'box-01',
        since: new Date(lastWarningAt - 1000).toISOString(),
        last_warning_at: new Date(lastWarningAt).toISOString(),
        at: expect.any(String),
      },
    ])
    expect(sentAlerts('email').at(-1)?.subject).toBe('[AVD] All clear: box-01: no further port warnings for 30 minutes')
    expect(await sweep()).toEqual([])
  })

  it.each([
    ['without options', '', '平台没有说明是哪些端口。', {}],
    [
      'with unrecognised options',
      'port 8088 is down',
      '端口信息无法识别，原文：\n  port 8088 is down',
      { options: 'port 8088 is down' },
    ],
    [
      'with 500 ports',
      JSON.stringify(Array.from({ length: 500 }, (_, port) => ({ type: 'udp', port }))),
      '无法连接的端口（500 个）：',
      {},
    ],
  ])('%s alerts with an e-mail that describes the ports', async (_description, options, text, payload) => {
    await startAlertingSystem()
    await system.callback(warning('box-01', options))
    await system.settle()
    const [alert] = await alerts()
    expect(alert?.payload).toMatchObject({
      kind: 'port_check',
      ports: { length: options.length > 100 ? 500 : 0 },
      ...payload,
    })
    expect(sentMessages('email')[0]?.text).toContain(text)
  })

  it('is applied while SNS fails, and alerts once after SNS has recovered', async () => {
    await startAlertingSystem()
    const removeFault = system.run.inject({ service: 'sns', principal: 'ApplyEvents' })
    await system.callback(warning())
    await expect.poll(readAlertsSent, { timeout: 10_000 }).toBe('1')
    expect(await alerts()).toEqual([])
    removeFault()
    await system.settle()
    expect(await alerts()).toHaveLength(1)
    expect(sentAlerts('email')).toHaveLength(1)
    expect(await system.countMessages('DeadLetterQueueUrl')).toBe(0)
  })

  it('is applied while SNS does not respond, and alerts once after SNS has recovered', async () => {
    await startAlertingSystem()
    const removeFault = system.run.inject({ service: 'sns', principal: 'ApplyEvents', effect: 'hang' })
    await system.callback(warning())
    await expect.poll(readAlertsSent, { timeout: 10_000 }).toBe('1')
    removeFault()
    await system.settle()
    expect(await alerts()).toHaveLength(1)
  })
})

describe('an alarm', () => {
  it('notifies every subscriber once if there is a dead letter', async () => {
    await startAlertingSystem()
    const notifications = await subscribeQueue(system.run, system.run.outputs.AlertTopicArn)
    await system.run.evaluateAlarms()
    await system.enqueue({ trace_id: 't', event: 'open', room_id: 'R' }, Date.now(), 'callback', 'DeadLetterQueueUrl')
    expect(await system.countMessages('DeadLetterQueueUrl')).toBe(1)
    await system.run.evaluateAlarms()
    await system.run.evaluateAlarms()
    const raised = (await notifications()).filter(({ payload }) => payload.AlarmName === 'Northbound-dead-letters')
    expect(raised).toMatchObject([
      {
        subject: 'ALARM: "Northbound-dead-letters" in US East (N. Virginia)',
        payload: {
          NewStateValue: 'ALARM',
          AlarmDescription: expect.stringMatching(
            /^影响：.*\nImpact: .*\n.*docs\/runbook\.zh-CN\.md#dead-letters\n.*docs\/runbook\.md#dead-letters$/,
          ),
        },
      },
    ])
    expect(sentMessages('email').find(({ subject }) => subject === raised[0]?.subject)?.text).toContain('影响：')
    expect(sentMessages('sms').map(({ text }) => text)).toContain(`AVD> ${raised[0]?.subject}`)
    expect(system.run.alarms()).toContainEqual(
      expect.objectContaining({ name: 'Northbound-dead-letters', state: 'ALARM' }),
    )
  })

  it('is followed by an all-clear to every subscriber when it returns to OK, but not by one when it is first evaluated', async () => {
    await startAlertingSystem()
    const notifications = await subscribeQueue(system.run, system.run.outputs.AlertTopicArn)
    const alarm = 'Northbound-dead-letters'
    // Every alarm changes from INSUFFICIENT_DATA to OK.
    await system.run.evaluateAlarms()
    await system.run.setAlarmState(alarm, 'ALARM')
    await system.run.evaluateAlarms()
    await system.settle()
    const isoTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    const changes = (await notifications()).filter(({ payload }) => [payload.AlarmName, payload.alarm].includes(alarm))
    expect(changes.map(({ subject, payload }) => [subject, payload.AlarmName ?? payload])).toEqual([
      [`ALARM: "${alarm}" in US East (N. Virginia)`, alarm],
      [`[AVD] All clear: ${alarm}`, { kind: 'all_clear', alarm, since: isoTime, at: isoTime }],
    ])
    expect(sentAlerts('email').map(({ subject }) => subject)).toEqual([`[AVD] All clear: ${alarm}`])
    expect(sentAlerts('email')[0]?.text).toMatch(
      /^叁体 AVD 告警解除：有事件处理失败\n\n告警名称：Northbound-dead-letters\n[\s\S]*\nWhat the alarm reported: /,
    )
    expect(sentAlerts('sms')[0]?.text).toMatch(/^AVD> 告警解除 \d\d:\d\d：有事件处理失败$/)
  })

  it('is raised when several signatures are missing or wrong', async () => {
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
