import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sweepFailingAlert } from '../../../../core/notifications/sweep-failing.ts'
import { anyText } from '../../../support/any-text.ts'

describe('sweepFailingAlert', () => {
  it('states the number of failures and the reason in Chinese and English', () => {
    const { payload, subject, email, sms } = sweepFailingAlert(
      3,
      { english: 'room/list: HTTP 500', chinese: 'room/list：返回 HTTP 500' },
      Date.parse('2026-11-24T14:05:03Z'),
      'Asia/Shanghai',
    )
    expect(payload).toEqual({
      kind: 'sweep_failing',
      failures: 3,
      reason: 'room/list: HTTP 500',
      reason_zh: 'room/list：返回 HTTP 500',
    })
    expect(subject).toBe('[AVD] Reconciliation failing: 3 sweeps in a row')
    expect(email).toContain('最近一次失败的原因：room/list：返回 HTTP 500\n时间：2026-11-24 22:05:03（Asia/Shanghai）')
    expect(email).toContain('Last reason: room/list: HTTP 500\nTime: 2026-11-24 14:05:03 (UTC)')
    expect(sms).toBe('与平台核对连续3次失败 22:05：room/list：返回 HTTP 500')
  })

  it('fits into one text message for any reason', () => {
    fc.assert(
      fc.property(fc.nat(1e6), anyText({ maxLength: 3000 }), (failures, text) => {
        const reason = { english: text, chinese: text }
        const { sms, subject } = sweepFailingAlert(failures, reason, 0, 'Asia/Shanghai')
        expect(`AVD> ${sms}`.length).toBeLessThanOrEqual(70)
        expect(sms).toMatch(/^[^\p{Cc}\p{Cs}]*$/u)
        expect(subject.length).toBeLessThan(100)
      }),
    )
  })
})
