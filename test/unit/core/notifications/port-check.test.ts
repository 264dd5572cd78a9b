import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isWarning, portCheckAlert } from '../../../../core/notifications/port-check.ts'
import { parseEvent } from '../../../../core/protocol/events.ts'

const received_at = Date.parse('2026-11-24T14:05:03.250Z')

function alert(params: Record<string, string>, suppressed = 0) {
  const trace_id = '5b0d6d3e-9a53-4a2e-8f6e-5d0f7f0f6f01'
  const sent = { event: 'warning_notify', event_type: 'check_port', box_code: 'box-01', ...params }
  const event = parseEvent({ trace_id, received_at, source: 'callback' }, sent)
  if (!isWarning(event)) throw new Error('no warning')
  return portCheckAlert(event, suppressed, 'Asia/Shanghai')
}
const portList = (...ports: [type: string, port: number][]) =>
  JSON.stringify(ports.map(([type, port]) => ({ type, port })))
const five = portList(['tcp', 8088], ['websocket', 7630], ['udp', 40000], ['udp', 40001], ['udp', 40002])

describe('an alert for programs', () => {
  it('is exactly what the contract says', () => {
    const { payload, attributes } = alert({ options: portList(['tcp', 8088]) }, 499)
    expect(payload).toEqual({
      kind: 'port_check',
      box_code: 'box-01',
      ports: [{ type: 'tcp', port: 8088 }],
      trace_id: '5b0d6d3e-9a53-4a2e-8f6e-5d0f7f0f6f01',
      received_at: '2026-11-24T14:05:03.250Z',
      suppressed: 499,
    })
    expect(attributes).toEqual({ kind: 'port_check', box_code: 'box-01' })
  })

  it('names all of 500 ports, and of more those that a message holds, with the number of the others', () => {
    const ports = (count: number) =>
      portList(...Array.from({ length: count }, (_, port) => ['tcp', port] as [string, number]))
    expect(alert({ options: ports(500) }).payload).toMatchObject({ ports: { length: 500 } })
    expect(alert({ options: ports(500) }).payload).not.toHaveProperty('ports_omitted')
    const { payload } = alert({ options: ports(10_000) })
    expect((payload.ports as unknown[]).length + Number(payload.ports_omitted)).toBe(10_000)
  })

  it('has what could not be read, as it was sent', () => {
    expect(alert({ options: 'tcp 8088 down' }).payload).toMatchObject({ ports: [], options: 'tcp 8088 down' })
    expect(alert({ options: '[{"type":"tcp","port":1},7]' }).payload).toMatchObject({
      ports: [{ type: 'tcp', port: 1 }],
      options: '[{"type":"tcp","port":1},7]',
    })
    expect(alert({ options: '' }).payload).not.toHaveProperty('options')
  })

  it('shows no secret that somebody put into the options', () => {
    const { payload, email } = alert({ options: '{"token":"S3CRET","check_code":"S3CRET"}' })
    expect(JSON.stringify(payload) + email).not.toContain('S3CRET')
  })

  it('has a kind of its own where the warning is one of a later release', () => {
    const { payload, attributes, subject } = alert({ event_type: 'check_disk', options: '95%' })
    expect(payload).toMatchObject({ kind: 'warning', event_type: 'check_disk', options: '95%' })
    expect(attributes.kind).toBe('warning')
    expect(subject).toBe('[AVD] box-01: warning check_disk')
  })
})

describe('an alert for people', () => {
  it('says in Chinese and English what is wrong with which server, and since when', () => {
    const { subject, email, sms } = alert({ options: portList(['tcp', 8088]) })
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

  it('says how many were suppressed', () => {
    const { email, sms } = alert({ options: portList(['tcp', 8088]) }, 499)
    expect(email).toContain('另有 499 条')
    expect(email).toContain('499 more warnings')
    expect(sms).toBe('box-01 端口不通：tcp 8088 另有499次 22:05')
  })

  it('lists five ports in the e-mail, and in a text message those that fit, with their number', () => {
    const { email, sms, subject } = alert({ options: five }, 3)
    for (const port of ['tcp 8088', 'websocket 7630', 'udp 40000', 'udp 40001', 'udp 40002'])
      expect(email).toContain(`\n  ${port}\n`)
    expect(subject).toBe(
      '[AVD] box-01: 5 ports not reachable: tcp 8088, websocket 7630, udp 40000, udp 40001, udp 40002',
    )
    expect(sms).toBe('box-01 端口不通：tcp 8088, websocket 7630, udp 40000 等5个 另有3次 22:05')
  })

  it('reads as the README shows it, for one port and for five', () => {
    const readme = readFileSync(new URL('../../../../README.md', import.meta.url), 'utf8')
    for (const { subject, email, sms } of [
      alert({ options: portList(['tcp', 8088]) }),
      alert({ options: five }, 499),
    ]) {
      expect(readme).toContain(`subject \`${subject}\``)
      expect(readme).toContain(`\`\`\`\n${email}\`\`\`\n`)
      expect(readme).toContain(`\`\`\`\nAVD> ${sms}\n\`\`\`\n`)
    }
  })

  it('counts 500 ports and lists the first of them', () => {
    const options = portList(...Array.from({ length: 500 }, (_, port) => ['tcp', port + 1] as [string, number]))
    const { email, sms } = alert({ options })
    expect(email).toContain('（500 个）：\n  tcp 1\n')
    expect(email).toContain('  tcp 50\n  以及另外 450 个\n')
    expect(email).toContain('  and 450 more\n')
    expect(sms).toMatch(/^box-01 端口不通：tcp 1, tcp 2, .* 等500个 22:05$/)
  })

  it.each([
    ['', '平台没有说明是哪些端口。', 'The platform did not say which ports.'],
    ['[]', '平台没有说明是哪些端口。', 'The platform did not say which ports.'],
    ['tcp 8088', '端口信息无法识别，原文：\n  tcp 8088', 'The ports could not be read; as sent:\n  tcp 8088'],
    ['[7]', '另有 1 项无法识别，原文：\n  [7]', '1 entries could not be read; as sent:\n  [7]'],
  ])('says so where options are %j', (options, chinese, english) => {
    const { email, sms } = alert({ options })
    expect(email).toContain(chinese)
    expect(email).toContain(english)
    expect(sms).toContain('端口告警')
  })

  it('shows what a stranger may have put into a name as text on its own line', () => {
    const { email, sms, subject } = alert({ box_code: 'box\n时间：1970\u001b[2J\u202e', options: '' })
    expect(email).toContain('媒体服务器：box?时间：1970?[2J?\n')
    expect(sms.startsWith('box?')).toBe(true)
    expect(subject).toMatch(/^\[AVD\] box\?/)
  })

  it('holds the limits of SNS for any box, any ports and any number of them', () => {
    const box_code = fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }),
      fc.string({ unit: 'binary', minLength: 1 }),
    )
    const type = fc.oneof(fc.constantFrom('tcp', 'websocket'), fc.string({ unit: 'binary', maxLength: 60 }))
    const ports = fc.array(fc.record({ type, port: fc.nat(70_000) }), { maxLength: 600 })
    const options = fc.oneof(
      ports.map((list) => JSON.stringify(list)),
      fc.string({ unit: 'binary', maxLength: 2000 }),
    )
    const event_type = fc.oneof(fc.constant('check_port'), fc.string({ unit: 'binary' }))
    fc.assert(
      fc.property(fc.record({ box_code, options, event_type }), fc.nat(1e9), (params, suppressed) => {
        const { payload, attributes, subject, email, sms } = alert(params, suppressed)
        expect(subject).toMatch(/^\[AVD\] [ -~]*$/)
        expect(subject.length).toBeLessThan(100)
        // With the name of the topic that SNS puts before it.
        expect(`AVD> ${sms}`.length).toBeLessThanOrEqual(70)
        expect(sms).toMatch(/ 22:05$/)
        expect(sms).toMatch(/^[^\p{Cc}\p{Cs}]*$/u)
        expect(email).toMatch(/^[^\p{Cs}]*$/u)
        const message = JSON.stringify({ default: JSON.stringify(payload), email, sms })
        expect(Buffer.byteLength(message)).toBeLessThan(250_000)
        for (const value of Object.values(attributes)) expect(value).not.toBe('')
      }),
      { numRuns: 500 },
    )
  }, 60_000)
})
