import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { warningAlert } from '../../../../core/notifications/warning-alert.ts'
import { isWarning } from '../../../../core/notifications/warning-event.ts'
import { parseEvent } from '../../../../core/protocol/events.ts'
import { anyText } from '../../../support/any-text.ts'

const received_at = Date.parse('2026-11-24T14:05:03.250Z')

function createAlert(params: Record<string, string>, suppressed = 0) {
  const trace_id = '5b0d6d3e-9a53-4a2e-8f6e-5d0f7f0f6f01'
  const sent = { event: 'warning_notify', event_type: 'check_port', box_code: 'box-01', ...params }
  const event = parseEvent({ trace_id, received_at, source: 'callback' }, sent)
  if (!isWarning(event)) throw new Error('not a warning')
  return warningAlert(event, suppressed, 'Asia/Shanghai')
}
const encodePorts = (...ports: [type: string, port: number][]) =>
  JSON.stringify(ports.map(([type, port]) => ({ type, port })))
const fivePorts = encodePorts(['tcp', 8088], ['websocket', 7630], ['udp', 40000], ['udp', 40001], ['udp', 40002])

describe('the payload of a port-check alert', () => {
  it('has exactly the members of the contract', () => {
    const { payload } = createAlert({ options: encodePorts(['tcp', 8088]) }, 499)
    expect(payload).toEqual({
      kind: 'port_check',
      box_code: 'box-01',
      ports: [{ type: 'tcp', port: 8088 }],
      trace_id: '5b0d6d3e-9a53-4a2e-8f6e-5d0f7f0f6f01',
      received_at: '2026-11-24T14:05:03.250Z',
      suppressed: 499,
    })
  })

  it('lists 500 ports, and truncates longer lists with the number of omitted ports', () => {
    const listOf = (count: number) =>
      encodePorts(...Array.from({ length: count }, (_, port) => ['tcp', port] as [string, number]))
    expect(createAlert({ options: listOf(500) }).payload).toMatchObject({ ports: { length: 500 } })
    expect(createAlert({ options: listOf(500) }).payload).not.toHaveProperty('ports_omitted')
    const { payload } = createAlert({ options: listOf(10_000) })
    expect((payload.ports as unknown[]).length + Number(payload.ports_omitted)).toBe(10_000)
  })

  it('contains the options as sent if they could not be parsed', () => {
    expect(createAlert({ options: 'tcp 8088 down' }).payload).toMatchObject({ ports: [], options: 'tcp 8088 down' })
    expect(createAlert({ options: '[{"type":"tcp","port":1},7]' }).payload).toMatchObject({
      ports: [{ type: 'tcp', port: 1 }],
      options: '[{"type":"tcp","port":1},7]',
    })
    expect(createAlert({ options: '' }).payload).not.toHaveProperty('options')
  })

  it('redacts secrets in the options', () => {
    const { payload, email } = createAlert({ options: '{"token":"S3CRET","check_code":"S3CRET"}' })
    expect(JSON.stringify(payload) + email).not.toContain('S3CRET')
  })

  it('has the kind warning if the warning is of an unknown type', () => {
    const { payload, subject } = createAlert({ event_type: 'check_disk', options: '95%' })
    expect(payload).toMatchObject({ kind: 'warning', event_type: 'check_disk', options: '95%' })
    expect(subject).toBe('[AVD] box-01: warning check_disk')
  })
})

describe('the texts of a port-check alert', () => {
  it('name the media server, the ports and the time in Chinese and English', () => {
    const { subject, email, sms } = createAlert({ options: encodePorts(['tcp', 8088]) })
    expect(subject).toBe('[AVD] box-01: 1 port not reachable: tcp 8088')
    expect(email).toContain(
      '媒体服务器：box-01\n无法连接的端口（1 个）：\n  tcp 8088\n时间：2026-11-24 22:05:03（Asia/Shanghai）\n',
    )
    expect(email).toContain(
      'Media server: box-01\nPorts that the master could not reach (1):\n  tcp 8088\nTime: 2026-11-24 14:05:03 (UTC)\n',
    )
    expect(email).toContain('trace_id: 5b0d6d3e-9a53-4a2e-8f6e-5d0f7f0f6f01')
    expect(email).not.toMatch(/未单独通知|suppressed/)
    expect(sms).toBe('box-01 端口不通：tcp 8088 22:05')
  })

  it('state how many warnings were suppressed', () => {
    const { email, sms } = createAlert({ options: encodePorts(['tcp', 8088]) }, 499)
    expect(email).toContain('另有 499 条')
    expect(email).toContain('499 more warnings')
    expect(sms).toBe('box-01 端口不通：tcp 8088 另有499次 22:05')
  })

  it('list five ports in the e-mail, and those that fit in the text message', () => {
    const { email, sms, subject } = createAlert({ options: fivePorts }, 3)
    for (const port of ['tcp 8088', 'websocket 7630', 'udp 40000', 'udp 40001', 'udp 40002'])
      expect(email).toContain(`\n  ${port}\n`)
    expect(subject).toBe(
      '[AVD] box-01: 5 ports not reachable: tcp 8088, websocket 7630, udp 40000, udp 40001, udp 40002',
    )
    expect(sms).toBe('box-01 端口不通：tcp 8088、websocket 7630、udp 40000 等5个 另有3次 22:05')
  })

  it.each(['alerts.md', 'alerts.zh-CN.md'])('match docs/%s for one port and for five', (name) => {
    const page = readFileSync(new URL(`../../../../docs/${name}`, import.meta.url), 'utf8')
    for (const { subject, email, sms } of [
      createAlert({ options: encodePorts(['tcp', 8088]) }),
      createAlert({ options: fivePorts }, 499),
    ]) {
      expect(page).toContain(`\`${subject}\``)
      expect(page).toContain(`\`\`\`\n${email}\`\`\`\n`)
      expect(page).toContain(`\`\`\`\nAVD> ${sms}\n\`\`\`\n`)
    }
  })

  it('state the number of 500 ports and list the first of them', () => {
    const options = encodePorts(...Array.from({ length: 500 }, (_, port) => ['tcp', port + 1] as [string, number]))
    const { email, sms } = createAlert({ options })
    expect(email).toContain('（500 个）：\n  tcp 1\n')
    expect(email).toContain('  tcp 50\n  以及另外 450 个\n')
    expect(email).toContain('  and 450 more\n')
    expect(sms).toMatch(/^box-01 端口不通：tcp 1、tcp 2、.* 等500个 22:05$/)
  })

  it.each([
    ['', '平台没有说明是哪些端口。', 'The platform did not say which ports.'],
    ['[]', '平台没有说明是哪些端口。', 'The platform did not say which ports.'],
    ['tcp 8088', '端口信息无法识别，原文：\n  tcp 8088', 'The ports could not be read; as sent:\n  tcp 8088'],
    ['[7]', '另有 1 项无法识别，原文：\n  [7]', '1 entry could not be read; as sent:\n  [7]'],
  ])('state that no ports could be read from the options %j', (options, chinese, english) => {
    const { email, sms } = createAlert({ options })
    expect(email).toContain(chinese)
    expect(email).toContain(english)
    expect(sms).toContain('端口告警')
  })

  it.each([
    ['a long list', JSON.stringify([...Array.from({ length: 20 }, (_, port) => ({ type: 'tcp', port })), { odd: 1 }])],
    ['an indented list', JSON.stringify([{ type: 'tcp', port: 1 }, { odd: 1 }], null, 2)],
  ])('count the entries that could not be read in %s', (_description, options) => {
    const { email } = createAlert({ options })
    expect(email).toContain('另有 1 项无法识别，原文：\n  [')
    expect(email).toContain('1 entry could not be read; as sent:\n  [')
  })

  it('replace control characters in the box_code', () => {
    const { email, sms, subject } = createAlert({ box_code: 'box\n时间：1970\u001b[2J\u202e', options: '' })
    expect(email).toContain('媒体服务器：box?时间：1970?[2J?\n')
    expect(sms.startsWith('box?')).toBe(true)
    expect(subject).toMatch(/^\[AVD\] box\?/)
  })

  it('stay within the limits of SNS for any box_code, any type and any ports', () => {
    const box_code = fc.oneof(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }), anyText({ minLength: 1 }))
    const type = fc.oneof(fc.constantFrom('tcp', 'websocket'), anyText({ maxLength: 60 }))
    const ports = fc.array(fc.record({ type, port: fc.nat(70_000) }), { maxLength: 600 })
    const options = fc.oneof(
      ports.map((list) => JSON.stringify(list)),
      anyText({ maxLength: 2000 }),
    )
    const event_type = fc.oneof(fc.constant('check_port'), anyText())
    fc.assert(
      fc.property(fc.record({ box_code, options, event_type }), fc.nat(1e9), (params, suppressed) => {
        const { payload, subject, email, sms } = createAlert(params, suppressed)
        expect(subject).toMatch(/^\[AVD\] [ -~]*$/)
        expect(subject.length).toBeLessThan(100)
        // SNS prefixes the text with the display name of the topic.
        expect(`AVD> ${sms}`.length).toBeLessThanOrEqual(70)
        expect(sms).toMatch(/ 22:05$/)
        expect(sms).toMatch(/^[^\p{Cc}\p{Cs}]*$/u)
        expect(email).toMatch(/^[^\p{Cs}]*$/u)
        const message = JSON.stringify({ default: JSON.stringify(payload), email, sms })
        expect(Buffer.byteLength(message)).toBeLessThan(250_000)
      }),
      { numRuns: 500 },
    )
  })
})
