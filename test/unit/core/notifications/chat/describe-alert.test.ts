import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { alarmAllClear } from '../../../../../core/notifications/alarm-recovery.ts'
import { headingOfAlarm, titleOfAlarm } from '../../../../../core/notifications/alarm-titles.ts'
import { allClear } from '../../../../../core/notifications/all-clear.ts'
import { callbacksMissingAlert } from '../../../../../core/notifications/callbacks-missing.ts'
import { buildMessages } from '../../../../../core/notifications/chat/digests.ts'
import { massDisappearanceAlert } from '../../../../../core/notifications/mass-disappearance.ts'
import { sweepAlertKinds } from '../../../../../core/notifications/sweep-alerts.ts'
import { sweepFailingAlert } from '../../../../../core/notifications/sweep-failing.ts'
import type { ChatLanguage } from '../../../../../core/ports/chat-robots.ts'
import { anyText } from '../../../../support/any-text.ts'
import { context, deadLettersAlarm, describeBody, portCheck, publishedAt } from './topic-messages.ts'

const wecomMaxBytes = 2048

/** The message about a single alert. */
function textOf(body: unknown, language: ChatLanguage = 'zh', chatContext = context): string {
  const [message] = buildMessages([describeBody(body, chatContext)], language, chatContext, wecomMaxBytes)
  return message?.text ?? ''
}

describe('the chat message about a port check', () => {
  it('states level, installation, ports, time, impact, advice and links in Chinese', () => {
    expect(textOf({ ...portCheck, suppressed: 499 })).toBe(
      [
        '【告警】AVD prod：端口告警',
        '媒体服务器：box-01',
        '无法连接的端口（1 个）：',
        '  tcp 8088',
        '时间：2026-11-24 22:05:03（Asia/Shanghai）',
        '自上次通知以来，另有 499 条相同的告警未单独通知。',
        '影响：使用该媒体服务器的用户可能无法进入房间，或没有声音和画面。',
        '请检查：该服务器是否在线，media_server 是否正在运行，上述端口是否被防火墙拦截。',
        '处理方法：docs/runbook.zh-CN.md#port-check',
        '控制台：https://avd.example.com/console',
      ].join('\n'),
    )
  })

  it('states the same in English', () => {
    expect(textOf(portCheck, 'en')).toBe(
      [
        '[Alert] AVD prod: port alert',
        'Media server: box-01',
        'Ports that the master could not reach (1):',
        '  tcp 8088',
        'Time: 2026-11-24 22:05:03 (Asia/Shanghai)',
        'Impact: People who use this media server may not be able to enter rooms, or may have no audio and video.',
        'Please check that the server is online, that media_server is running, and that no firewall blocks these ports.',
        'What to do: docs/runbook.md#port-check',
        'Console: https://avd.example.com/console',
      ].join('\n'),
    )
  })

  it('lists ten ports and counts the others, those omitted from the payload included', () => {
    const ports = Array.from({ length: 40 }, (_, port) => ({ type: 'udp', port }))
    const text = textOf({ ...portCheck, ports, ports_omitted: 5 })
    expect(text).toContain('无法连接的端口（45 个）：\n  udp 0\n')
    expect(text).toContain('  udp 9\n  以及另外 35 个\n')
  })

  it('shows the options as sent if they were not read completely', () => {
    expect(textOf({ ...portCheck, ports: [], options: 'tcp 8088' })).toContain('端口信息无法识别，原文：\n  tcp 8088\n')
  })

  it('names the type of a warning that the document does not define', () => {
    const text = textOf({ ...portCheck, kind: 'warning', event_type: 'check_disk', ports: [], options: '95%' })
    expect(text).toContain('【告警】AVD prod：告警（类型 check_disk）\n')
    expect(text).toContain('原文：\n  95%\n')
  })

  it.each(['box_code', 'event_type', 'options'])('makes mentions, tags and links in %s harmless', (field) => {
    const attack = '@all <at user_id="all">x</at> [x](https://evil.example)\n【告警】'
    const text = textOf({ ...portCheck, kind: 'warning', event_type: 'check_disk', ports: [], [field]: attack })
    expect(text).not.toMatch(/@all|<at|https:\/\/evil/)
    expect(text).toContain('＠all ＜at user_id="all"＞x＜/at＞ [x](https：//evil.example)?【告警】')
  })
})

describe('the chat message about sweeps', () => {
  it('describes the published alert about failing sweeps', () => {
    const reason = { english: 'room/list: HTTP 500', chinese: 'room/list：返回 HTTP 500' }
    const { payload } = sweepFailingAlert(3, reason, publishedAt, 'UTC')
    const text = textOf(payload)
    expect(text).toMatch(/^【告警】AVD prod：与平台核对持续失败\n连续 3 次/)
    expect(text).toContain(
      '最近一次失败的原因：room/list：返回 HTTP 500\n时间：2026-11-24 22:05:03（Asia/Shanghai）\n影响：',
    )
    expect(text).toContain('docs/runbook.zh-CN.md#sweeps-failing')
    expect(textOf(payload, 'en')).toContain('Last reason: room/list: HTTP 500\n')
  })

  it('shows the English reason if the alert has no Chinese one', () => {
    const text = textOf({ kind: 'sweep_failing', failures: 3, reason: 'room/list: HTTP 500' })
    expect(text).toContain('最近一次失败的原因：room/list: HTTP 500\n')
  })

  it('describes the published alert about missing callbacks', () => {
    const since = publishedAt - 11 * 60_000
    const { payload } = callbacksMissingAlert({ since, estimates: 12 }, undefined, publishedAt, 'UTC')
    const text = textOf(payload, 'both')
    expect(text).toContain('11 分钟内没有收到任何回调；其间有 12 个房间或用户')
    expect(text).toContain('最近一次回调：无记录\n')
    expect(text).toContain('[Alert] AVD prod: callbacks are missing\n')
    expect(text).toContain('Last callback: none on record\n')
  })

  it('describes the published alert about a mass disappearance', () => {
    const { payload } = massDisappearanceAlert({ missing: 350, present: 400, since: publishedAt }, 'UTC')
    expect(textOf(payload)).toContain('系统记录的 400 个开放房间和在线用户中，有 350 个不在平台的房间列表中。')
  })

  it.each(sweepAlertKinds)('describes the published all-clear of %s', (kind) => {
    const { payload } = allClear(kind, publishedAt - 1_800_000, publishedAt, 'UTC')
    const text = textOf(payload)
    expect(text).toMatch(/^【恢复】AVD prod：\S+\n/)
    expect(text).toContain('告警时间：2026-11-24 21:35:03（Asia/Shanghai）\n恢复时间：2026-11-24 22:05:03')
  })
})

describe('the chat message about an alarm', () => {
  it('states what the alarm means, since when, its condition, its impact and its runbook heading', () => {
    const text = textOf(deadLettersAlarm, 'zh')
    expect(text).toBe(
      [
        '【告警】AVD prod：有事件处理失败',
        '告警名称：prod-dead-letters',
        '状态变化时间：2026-11-24 22:05:03（Asia/Shanghai）',
        `状态变化原因（CloudWatch 原文）：${deadLettersAlarm.NewStateReason}`,
        '影响：有事件处理失败，状态可能不完整。',
        '处理方法：docs/runbook.zh-CN.md#dead-letters',
        '控制台：https://avd.example.com/console',
      ].join('\n'),
    )
  })

  it('shows the impact in the language of the reader', () => {
    expect(textOf(deadLettersAlarm, 'en')).toContain(
      'Impact: Events failed for good. The state may be incomplete.\nWhat to do: docs/runbook.md#dead-letters\n',
    )
  })

  it.each([
    ['OK', '【恢复】AVD prod：已解除：有事件处理失败\n'],
    ['INSUFFICIENT_DATA', '【通知】AVD prod：数据不足：有事件处理失败\n'],
    ['PAUSED', '【通知】AVD prod：PAUSED：有事件处理失败\n'],
  ])('shows the state %s', (NewStateValue, title) => {
    expect(textOf({ ...deadLettersAlarm, NewStateValue }).startsWith(title)).toBe(true)
  })

  it('states in English that an alarm is over', () => {
    expect(textOf({ ...deadLettersAlarm, NewStateValue: 'OK' }, 'en')).toMatch(
      /^\[Recovered\] AVD prod: resolved: events failed for good\n/,
    )
  })

  it('states in words what is wrong although the name of the installation is as long as a stack allows', () => {
    const installation = 'a'.repeat(128)
    const AlarmName = `${installation}-receive-callback-throttles`
    const chatContext = { ...context, installation }
    expect(textOf({ ...deadLettersAlarm, AlarmName }, 'zh', chatContext)).toMatch(/：回调被限流\n/)
    expect(textOf({ kind: 'all_clear', alarm: AlarmName }, 'zh', chatContext)).toMatch(/：已解除：回调被限流\n/)
  })

  it('has no impact and no advice if the alarm is over', () => {
    expect(textOf({ ...deadLettersAlarm, NewStateValue: 'OK' })).not.toMatch(/影响|runbook/)
  })

  it('does not link the runbook for an alarm of another installation', () => {
    const text = textOf({ ...deadLettersAlarm, AlarmName: 'test-dead-letters' })
    expect(text).toContain('【告警】AVD prod：test-dead-letters\n')
    expect(text).toContain('影响：有事件处理失败')
    expect(text).not.toContain('runbook')
  })

  it('shows the name and the description of an alarm that is not one of the installation', () => {
    const text = textOf({
      AlarmName: 'billing',
      AlarmDescription: 'More than 100 USD\nask @ops',
      NewStateValue: 'ALARM',
    })
    expect(text).toContain('【告警】AVD prod：billing\n告警名称：billing\n')
    expect(text).toContain('More than 100 USD\nask ＠ops\n')
  })

  it('shows the all-clear of an alarm under the title of the alarm', () => {
    const recovery = {
      name: 'prod-dead-letters',
      description: '',
      since: publishedAt - 1_800_000,
      at: publishedAt - 1000,
    }
    const text = textOf(alarmAllClear(recovery, 'prod', 'UTC').payload)
    expect(text).toContain('【恢复】AVD prod：已解除：有事件处理失败\n告警时间：2026-11-24 21:35:03')
    expect(text).toContain('恢复时间：2026-11-24 22:05:02')
  })

  it('shows the all-clear of a port check with the media server', () => {
    const text = textOf({
      kind: 'all_clear',
      alert: 'port_check',
      box_code: 'box-01',
      since: '2026-11-24T13:05:03.000Z',
      last_warning_at: '2026-11-24T13:35:03.000Z',
      at: '2026-11-24T14:05:33.000Z',
    })
    expect(text).toContain('【恢复】AVD prod：端口告警解除\n媒体服务器：box-01\n30 分钟内没有收到新的端口告警。')
  })

  it('has a title for every heading of the runbook', () => {
    const runbook = readFileSync(new URL('../../../../../docs/runbook.md', import.meta.url), 'utf8')
    const alerts = new Set(['mass-disappearance', 'port-check'])
    const headings = [...runbook.matchAll(/^## (.+)$/gm)].map(([, heading = '']) => heading)
    const untitled = headings.filter(
      (heading) => !alerts.has(heading) && titleOfAlarm(`prod-${heading}`, 'prod').chinese === `prod-${heading}`,
    )
    expect(untitled).toEqual([])
  })

  it('has the title that begins the section of the Chinese runbook', () => {
    const runbook = readFileSync(new URL('../../../../../docs/runbook.zh-CN.md', import.meta.url), 'utf8')
    const sections = [...runbook.matchAll(/^## (.+)\n\n\*\*(.+?)\*\*。/gm)]
    const alerts = new Set(['mass-disappearance', 'port-check'])
    expect(sections.length).toBeGreaterThan(25)
    for (const [, heading = '', title] of sections)
      if (!alerts.has(heading)) expect(titleOfAlarm(`prod-${heading}`, 'prod').chinese, heading).toBe(title)
  })

  it.each([
    ['prod-dead-letters', 'dead-letters'],
    ['prod2-dead-letters', undefined],
    ['prod-constructor', 'constructor'],
  ])('finds the heading of the alarm %s', (name, heading) => {
    expect(headingOfAlarm(name, 'prod')).toBe(heading)
    expect(titleOfAlarm('prod-constructor', 'prod').chinese).toBe('prod-constructor')
  })
})

describe('the chat message about anything else', () => {
  it.each([
    ['an unknown JSON', '{"kind":"port_check","box_code":7}'],
    ['a text', 'You have chosen to subscribe to the topic.\nSecond line'],
    ['an incomplete alert', '{"kind":"sweep_failing"}'],
  ])('shows %s as it is', (_what, body) => {
    expect(textOf(body)).toBe(`【通知】AVD prod：其他消息\n控制台：https://avd.example.com/console\n${body}`)
  })

  it('shows it once in a bilingual message', () => {
    expect(textOf('hello', 'both').match(/hello/g)).toHaveLength(1)
  })

  it('contains AVD, fits, and has no control characters or mentions for any text and any JSON', () => {
    const body = fc.oneof(
      anyText({ maxLength: 3000 }),
      fc.json(),
      fc
        .record({ ...mapToAny(portCheck), kind: fc.constantFrom('port_check', 'warning') })
        .map((value) => JSON.stringify(value)),
      fc.record(mapToAny(deadLettersAlarm)).map((value) => JSON.stringify(value)),
    )
    fc.assert(
      fc.property(body, fc.constantFrom<ChatLanguage>('zh', 'en', 'both'), (message, language) => {
        const text = textOf(message, language)
        expect(text).toContain('AVD prod')
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(wecomMaxBytes)
        expect(text).toMatch(/^[^\p{Cs}@<>]*$/u)
        expect(text.replaceAll('\n', '')).toMatch(/^\P{Cc}*$/u)
      }),
      { numRuns: 500 },
    )
  })
})

/** Arbitraries that are sometimes what a member is today, and sometimes anything else. */
function mapToAny(members: Readonly<Record<string, unknown>>): Record<string, fc.Arbitrary<unknown>> {
  return Object.fromEntries(
    Object.entries(members).map(([name, value]) => [
      name,
      fc.oneof(fc.constant(value), anyText({ maxLength: 300 }), fc.jsonValue()),
    ]),
  )
}
