import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildMessages } from '../../../../../core/notifications/chat/digests.ts'
import type { ChatLanguage } from '../../../../../core/ports/chat-robots.ts'
import { anyText } from '../../../../support/any-text.ts'
import { context, deadLettersAlarm, describeBody, portCheck, publishedAt } from './topic-messages.ts'

const wecomMaxBytes = 2048

function portCheckOf(box_code: string, at = publishedAt) {
  return describeBody({ ...portCheck, box_code, received_at: new Date(at).toISOString() })
}

describe('buildMessages', () => {
  it('builds nothing for no alert', () => {
    expect(buildMessages([], 'zh', context, wecomMaxBytes)).toEqual([])
  })

  it('builds a digest with the interval, the number of each kind, and one line for each of several alerts', () => {
    const recovered = { ...deadLettersAlarm, NewStateValue: 'OK', StateChangeTime: '2026-11-24T14:07:00.000+0000' }
    const alerts = [
      portCheckOf('box-01'),
      portCheckOf('box-02'),
      describeBody(deadLettersAlarm),
      describeBody(recovered),
    ]
    expect(buildMessages(alerts, 'zh', context, wecomMaxBytes)).toEqual([
      {
        alertCount: 4,
        text: [
          '【汇总】AVD prod：共 4 条消息',
          '2026-11-24 22:05:03 至 2026-11-24 22:07:00（Asia/Shanghai）',
          '端口告警 2，有事件处理失败 1，恢复 1',
          '控制台：https://avd.example.com/console',
          '22:05 【告警】box-01 端口不通：tcp 8088',
          '22:05 【告警】box-02 端口不通：tcp 8088',
          '22:05 【告警】有事件处理失败',
          '22:07 【恢复】已解除：有事件处理失败',
        ].join('\n'),
      },
    ])
  })

  it('shows the day of each alert in a digest of several days', () => {
    const alerts = [portCheckOf('box-01'), portCheckOf('box-02', publishedAt + 2 * 3_600_000)]
    const [message] = buildMessages(alerts, 'both', context, wecomMaxBytes)
    expect(message?.text).toContain('\n11-24 22:05 【告警】box-01 端口不通：tcp 8088\n11-24 22:05 [Alert] box-01')
    expect(message?.text).toContain('\n11-25 00:05 【告警】box-02 端口不通：tcp 8088\n11-25 00:05 [Alert] box-02')
  })

  it('has both languages in a bilingual digest', () => {
    const [message] = buildMessages([portCheckOf('box-01'), portCheckOf('box-02')], 'both', context, wecomMaxBytes)
    expect(message?.text).toContain('【汇总】AVD prod：共 2 条消息\n[Digest] AVD prod: 2 messages\n')
    expect(message?.text).toContain(
      '22:05 【告警】box-02 端口不通：tcp 8088\n22:05 [Alert] box-02: 1 port not reachable: tcp 8088',
    )
  })

  it.each<[ChatLanguage, number, number]>([
    ['zh', wecomMaxBytes, 16],
    ['both', wecomMaxBytes, 40],
    ['zh', 18_000, 2],
    ['both', 18_000, 4],
  ])('shows 500 alerts of a minute in %s within %d bytes in at most %d messages', (language, maxBytes, maxMessages) => {
    const alerts = Array.from({ length: 500 }, (_, index) =>
      portCheckOf(`box-${String(index).padStart(4, '0')}`, publishedAt + index * 100),
    )
    const messages = buildMessages(alerts, language, context, maxBytes)
    expect(messages.length).toBeLessThanOrEqual(maxMessages)
    const shown = messages.flatMap(({ text }) => [...text.matchAll(/^\S+ 【告警】(box-\d+) /gm)].map(([, box]) => box))
    expect(shown).toEqual(alerts.map((_, index) => `box-${String(index).padStart(4, '0')}`))
    expect(messages[0]?.text).toContain('端口告警 500\n')
    expect(messages[1]?.text).toMatch(new RegExp(`^【汇总】AVD prod：共 500 条消息（2/${messages.length}）\\n`))
  })

  it('truncates the overview if the address of the console is very long', () => {
    const consoleUrl = `https://${'a'.repeat(2000)}.example.com/console`
    const alerts = [portCheckOf('box-01'), portCheckOf('box-02')]
    const messages = buildMessages(alerts, 'zh', { ...context, consoleUrl }, wecomMaxBytes)
    for (const { text } of messages) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(wecomMaxBytes)
    expect(messages[0]?.text).toContain('box-01 端口不通')
  })

  it('truncates a single alert that is too long, with a mark', () => {
    const [message] = buildMessages([describeBody('啊'.repeat(5000))], 'zh', context, wecomMaxBytes)
    expect(message?.text).toMatch(/啊…（内容过长，已截断）$/)
    expect(Buffer.byteLength(JSON.stringify(message?.text)) - 2).toBeGreaterThan(wecomMaxBytes - 3)
  })

  it('does not split a character at the end of a long name of the installation', () => {
    const installation = `${'a'.repeat(59)}😀b`
    const [message] = buildMessages([portCheckOf('box-01')], 'zh', { ...context, installation }, wecomMaxBytes)
    expect(message?.text).toMatch(/^【告警】AVD a{59}：端口告警\n/)
  })

  it('covers every alert once, in order, within the bytes, for any alerts, limit and language', () => {
    const body = fc.oneof(
      anyText({ maxLength: 400 }),
      fc.string({ unit: 'grapheme', maxLength: 400 }),
      fc.constant(JSON.stringify(deadLettersAlarm)),
      fc.string({ unit: 'grapheme', maxLength: 100 }).map((box_code) => JSON.stringify({ ...portCheck, box_code })),
    )
    const installation = fc.oneof(fc.constant('prod'), fc.string({ unit: 'grapheme', maxLength: 150 }))
    const language = fc.constantFrom<ChatLanguage>('zh', 'en', 'both')
    fc.assert(
      fc.property(
        fc.array(body, { maxLength: 60 }),
        installation,
        language,
        fc.integer({ min: 1500, max: 20_000 }),
        (bodies, name, each, maxBytes) => {
          const chatContext = { ...context, installation: name }
          const alerts = bodies.map((text) => describeBody(text, chatContext))
          const messages = buildMessages(alerts, each, chatContext, maxBytes)
          expect(messages.reduce((sum, { alertCount }) => sum + alertCount, 0)).toBe(alerts.length)
          for (const { text, alertCount } of messages) {
            expect(alertCount).toBeGreaterThan(0)
            expect(text).toContain('AVD')
            expect(Buffer.byteLength(JSON.stringify(text)) - 2).toBeLessThanOrEqual(maxBytes)
            expect(text.isWellFormed()).toBe(true)
          }
        },
      ),
      { numRuns: 200 },
    )
  })
})
