import { PublishCommand, SNSClient } from '@aws-sdk/client-sns'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LocalRun, startLocal } from '../../local/run.ts'
import { runCommand } from '../support/cli.ts'

/** Much longer than anything here takes. */
const waitMs = 30_000

describe('group robots', () => {
  const lines: string[] = []
  let run: LocalRun
  beforeAll(async () => {
    run = await startLocal({
      port: 0,
      context: { chat: 'true', alertEmails: 'ops@example.com' },
      batchingWindowSeconds: 0.2,
      logs: 'all',
      log: (line) => void lines.push(line),
      // No sweep interferes.
      sweepSeconds: 86_400,
    })
    // The stack is synthesized for this test.
  })
  afterAll(() => run.stop())

  const robotOf = (service: string) => {
    const robot = run.robots.find((candidate) => candidate.service === service)
    if (robot === undefined) throw new Error(`there is no robot of ${service}`)
    return robot
  }
  const textsOf = (service: string) => robotOf(service).messages.map(({ text }) => text)
  const publish = (message: object) => {
    const { awsEndpointUrl: endpoint, region, outputs } = run
    const sns = new SNSClient({ endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } })
    return sns.send(new PublishCommand({ TopicArn: outputs.AlertTopicArn, Message: JSON.stringify(message) }))
  }

  async function waitFor(what: string, isDone: () => boolean): Promise<void> {
    const endMs = Date.now() + waitMs
    while (!isDone()) {
      if (Date.now() > endMs) throw new Error(`${what}: not within ${waitMs} ms\n${lines.slice(-20).join('\n')}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  it('get a test message, and the response says what became of it', async () => {
    const outcome = await run.invoke('NotifyChat', { test: true })
    expect(outcome).toMatchObject({
      payload: {
        secret: 'configured',
        problems: [],
        robots: ['wecom', 'dingtalk', 'feishu'].map((service) => ({ service, outcome: 'sent' })),
      },
    })
    for (const { service, messages } of run.robots)
      expect(messages.map(({ text }) => text).join(), service).toMatch(/^【通知】AVD Northbound：测试消息\n/)
    expect(lines.join('\n')).toContain('WECOM robot:\n  | 【通知】AVD Northbound：测试消息')
  })

  it('get a test message and a test alert from doctor, which says what became of them', async () => {
    const { stdout } = await runCommand(['doctor', '--aws-endpoint-url', run.awsEndpointUrl, '--test-alerts', '--json'])
    const { test_alerts } = JSON.parse(stdout)
    expect(test_alerts[0]).toMatchObject({ channel: 'topic', outcome: 'sent' })
    // On a busy machine, a robot may still be busy with the message before.
    const result = (channel: string) => ({
      channel,
      outcome: expect.stringMatching(/^(sent|failed)$/),
      text: expect.any(String),
    })
    expect(test_alerts.slice(1)).toEqual(['wecom', 'dingtalk', 'feishu'].map(result))
    await waitFor('the test alert', () =>
      run.robots.every(({ service }) => textsOf(service).join().includes('测试告警')),
    )
    expect(run.outbox.map(({ text }) => text).join()).toContain('这是一条测试消息')
    expect(run.calls().map(({ principal, action }) => `${principal} ${action}`)).toContain(
      'local lambda:InvokeFunction',
    )
  })

  it('get a warning of the platform, and the others get it although one of them refuses', async () => {
    robotOf('dingtalk').fault = 'removed'
    const warning = { event: 'warning_notify', trace_id: 'w', event_type: 'check_port', box_code: 'box-01' }
    const options = JSON.stringify([{ type: 'tcp', port: 8088 }])
    const { status } = await fetch(`${run.callbackUrl}?${new URLSearchParams({ ...warning, options })}`)
    expect(status).toBe(200)
    await waitFor('the warning', () =>
      ['wecom', 'feishu'].every((service) => textsOf(service).join().includes('box-01')),
    )
    await waitFor('the refusal', () => lines.join().includes('robot is unavailable'))
    expect(textsOf('dingtalk').join()).not.toContain('box-01')
  })

  it('report a refusal by an alarm, which reaches e-mail and the other robots only', async () => {
    await run.evaluateAlarms()
    await waitFor('the alarm', () =>
      ['wecom', 'feishu'].every((service) => textsOf(service).join().includes('Northbound-chat-refused')),
    )
    expect(run.outbox.map(({ subject }) => subject)).toContainEqual(expect.stringContaining('Northbound-chat-refused'))
    robotOf('dingtalk').fault = undefined
    expect(await run.invoke('NotifyChat', { test: true })).toMatchObject({
      payload: { robots: [{}, { outcome: 'sent' }, {}] },
    })
    expect(textsOf('dingtalk').join()).not.toContain('chat-refused')
  })

  it('get all of many alerts as digests', async () => {
    const boxes = Array.from({ length: 40 }, (_, index) => `many-${String(index).padStart(2, '0')}`)
    const received_at = new Date().toISOString()
    await Promise.all(
      boxes.map((box_code) =>
        publish({ kind: 'port_check', box_code, ports: [], trace_id: box_code, received_at, suppressed: 0 }),
      ),
    )
    const shown = () => new Set(textsOf('feishu').flatMap((text) => text.match(/many-\d\d/g) ?? []))
    await waitFor('the alerts', () => shown().size === boxes.length)
    const digests = textsOf('feishu').filter((text) => text.includes('many-'))
    expect(digests.length).toBeLessThan(10)
    expect(digests.join('\n')).toContain('【汇总】AVD Northbound：共 ')
  })

  it('have no URL, key or text of a message in any log', () => {
    const logged = lines.filter((line) => /^\w+: \{/.test(line))
    expect(logged.some((line) => line.startsWith('NotifyChat: '))).toBe(true)
    const hidden = run.robots.flatMap(({ url, token, settings: { secret } }) => [url, token, secret ?? url])
    for (const text of [...hidden, '测试消息', 'many-01', '"box-01"', 'reserved key'])
      expect(
        logged.filter((line) => line.startsWith('NotifyChat') && line.includes(text)),
        text,
      ).toEqual([])
    for (const text of hidden)
      expect(
        logged.filter((line) => line.includes(text)),
        text,
      ).toEqual([])
  })

  it('use every grant of their function, and no more', () => {
    expect(run.denials).toEqual([])
    const lambdaServiceActions =
      /^(logs:.*|sqs:(ReceiveMessage|DeleteMessage|ChangeMessageVisibility|GetQueueUrl|GetQueueAttributes))$/
    const isChat = ({ principal }: { readonly principal: string }) => principal.endsWith('/NotifyChat')
    const format = ({ action, resource }: { readonly action: string; readonly resource: string }) =>
      `${action} ${resource}`
    const used = new Set(run.calls().filter(isChat).map(format))
    const unused = run.grants().filter((grant) => isChat(grant) && !lambdaServiceActions.test(grant.action))
    expect(unused.length).toBeGreaterThan(3)
    expect(unused.map(format).filter((grant) => !used.has(grant))).toEqual([])
  })
})
