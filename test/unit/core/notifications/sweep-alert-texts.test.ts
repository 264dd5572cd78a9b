import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Alert } from '../../../../core/notifications/alert.ts'
import { allClear } from '../../../../core/notifications/all-clear.ts'
import { callbacksMissingAlert } from '../../../../core/notifications/callbacks-missing.ts'
import { massDisappearanceAlert } from '../../../../core/notifications/mass-disappearance.ts'
import { sweepAlertKinds } from '../../../../core/notifications/sweep-alerts.ts'

const at = Date.parse('2026-11-24T14:05:03Z')
const zone = 'Asia/Shanghai'
const minuteMs = 60_000

function expectWithinLimits({ subject, email, sms }: Alert): void {
  expect(subject).toMatch(/^\[AVD\] [ -~]*$/)
  expect(subject.length).toBeLessThan(100)
  // SNS prefixes the text with the display name of the topic.
  expect(`AVD> ${sms}`.length).toBeLessThanOrEqual(70)
  expect(email).toMatch(/^叁体 AVD .*\n[\s\S]*\n--------\n3TEE AVD .*\n[\s\S]*\n$/)
}

describe('callbacksMissingAlert', () => {
  it('states since when callbacks are missing and when the last one came, in Chinese and English', () => {
    const silence = { since: at - 11 * minuteMs, estimates: 12 }
    const alert = callbacksMissingAlert(silence, at - 90 * minuteMs, at, zone)
    expect(alert.payload).toEqual({
      kind: 'callbacks_missing',
      since: '2026-11-24T13:54:03.000Z',
      estimates: 12,
      last_callback_at: '2026-11-24T12:35:03.000Z',
    })
    expect(alert.subject).toBe('[AVD] No callbacks for 11 minutes although people are in rooms')
    expect(alert.email).toContain('最近一次回调：2026-11-24 20:35:03（Asia/Shanghai）')
    expect(alert.email).toContain('Last callback: 2026-11-24 12:35:03 (UTC)')
    expect(alert.sms).toBe('11分钟未收到回调但房间内有用户 22:05：请检查回调地址、密钥和网络')
  })

  it('says so if no callback is on record', () => {
    const alert = callbacksMissingAlert({ since: at - 10 * minuteMs, estimates: 2 }, undefined, at, zone)
    expect(alert.payload.last_callback_at).toBeNull()
    expect(alert.email).toContain('最近一次回调：无记录\n')
    expect(alert.email).toContain('Last callback: none on record\n')
  })

  it('stays within the limits of SNS for any duration', () => {
    fc.assert(
      fc.property(fc.nat(1e7), fc.nat(1e6), (minutes, estimates) => {
        expectWithinLimits(callbacksMissingAlert({ since: at - minutes * minuteMs, estimates }, undefined, at, zone))
      }),
    )
  })
})

describe('massDisappearanceAlert', () => {
  it('states how much is missing, and what follows, in Chinese and English', () => {
    const alert = massDisappearanceAlert({ missing: 350, present: 400, since: at }, zone)
    expect(alert.payload).toEqual({
      kind: 'mass_disappearance',
      missing: 350,
      present: 400,
      since: '2026-11-24T14:05:03.000Z',
    })
    expect(alert.subject).toBe('[AVD] 350 of 400 rooms and participants disappeared')
    expect(alert.email).toContain('时间：2026-11-24 22:05:03（Asia/Shanghai）\n\n影响：如果它们一直不在列表中')
    expect(alert.email).toContain('\n处理方法见 docs/runbook.zh-CN.md#mass-disappearance。\n')
    expect(alert.email).toContain('Time: 2026-11-24 14:05:03 (UTC)\n\nImpact: If they stay missing')
    expect(alert.email).toContain('\nSee docs/runbook.md#mass-disappearance.\n')
    expect(alert.sms).toBe('平台列表缺少350/400个房间和用户 22:05')
  })

  it('stays within the limits of SNS for any numbers', () => {
    fc.assert(
      fc.property(fc.nat(1e9), fc.nat(1e9), (missing, present) =>
        expectWithinLimits(massDisappearanceAlert({ missing, present, since: at }, zone)),
      ),
    )
  })
})

describe('allClear', () => {
  it.each(sweepAlertKinds)('names the alert %s, when it was sent, and when it was over', (kind) => {
    const alert = allClear(kind, at - 30 * minuteMs, at, zone)
    expectWithinLimits(alert)
    expect(alert.payload).toEqual({ kind: 'all_clear', alert: kind, since: '2026-11-24T13:35:03.000Z' })
    expect(alert.email).toContain('告警时间：2026-11-24 21:35:03（Asia/Shanghai）\n解除时间：2026-11-24 22:05:03')
    expect(alert.email).toContain('Alert sent: 2026-11-24 13:35:03 (UTC)\nAll clear: 2026-11-24 14:05:03 (UTC)')
    expect(alert.sms).toMatch(/^告警解除 22:05：/)
  })
})
