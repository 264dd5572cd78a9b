import { describe, expect, it } from 'vitest'
import { warningsEndedAlert } from '../../../../core/notifications/warnings-ended.ts'
import type { OpenWarning } from '../../../../core/ports/open-warnings.ts'

const minuteMs = 60_000
const at = Date.parse('2026-11-24T14:05:03Z')
const warning: OpenWarning = {
  kind: 'port_check',
  box_code: 'box-01',
  since: at - 90 * minuteMs,
  lastAlertAt: at - 35 * minuteMs,
  lastWarningAt: at - 31 * minuteMs,
}

describe('warningsEndedAlert', () => {
  it('tells programs what is over, and when the first and the last warning came', () => {
    expect(warningsEndedAlert(warning, at, 'Asia/Shanghai').payload).toEqual({
      kind: 'all_clear',
      alert: 'port_check',
      box_code: 'box-01',
      since: '2026-11-24T12:35:03.000Z',
      last_warning_at: '2026-11-24T13:34:03.000Z',
      at: '2026-11-24T14:05:03.000Z',
    })
  })

  it('says in both languages that it is inferred from silence', () => {
    const { subject, email, sms } = warningsEndedAlert(warning, at, 'Asia/Shanghai')
    expect(subject).toBe('[AVD] All clear: box-01: no further port warnings for 31 minutes')
    expect(sms).toBe('告警解除 22:05：box-01 31分钟无新端口告警')
    expect(email).toContain('叁体 AVD 端口告警解除\n\n媒体服务器：box-01\n31 分钟内没有收到新的端口告警。平台不会通知')
    expect(email).toContain('最近一次告警：2026-11-24 21:34:03（Asia/Shanghai）\n')
    expect(email).toContain('No further port warnings for 31 minutes. The platform does not report a recovery, so this')
    expect(email).toContain('Last warning: 2026-11-24 13:34:03 (UTC)\n')
  })

  it('about another kind of warning does not speak of ports', () => {
    const { payload, subject, email, sms } = warningsEndedAlert({ ...warning, kind: 'warning' }, at, 'UTC')
    expect(payload).toMatchObject({ alert: 'warning' })
    expect(subject + sms + email).not.toMatch(/\bport|端口/)
  })

  it('fits into one text message and an ASCII subject for any media server and any time', () => {
    const long = { ...warning, box_code: `服务器\u0000${'x'.repeat(4000)}`, lastWarningAt: 0 }
    const { subject, email, sms } = warningsEndedAlert(long, at, 'UTC')
    expect(sms.length).toBeLessThanOrEqual(65)
    expect(subject).toMatch(/^\[AVD\] All clear: \?{4}x+\.\.\.: no further port warnings for \d+ minutes$/)
    expect(subject.length).toBeLessThanOrEqual(99)
    expect(email.length).toBeLessThan(1500)
  })
})
