import { describe, expect, it } from 'vitest'
import { type AlarmRecovery, alarmAllClear } from '../../../../core/notifications/alarm-recovery.ts'

const at = Date.parse('2026-11-24T14:05:03.123Z')
const recovery = {
  name: 'Northbound-dead-letters',
  description:
    '影响：有事件未能处理。\nImpact: Events were not applied.\n处理：docs/runbook.zh-CN.md#dead-letters\nWhat to do: docs/runbook.md#dead-letters',
  since: at - 30 * 60_000,
  at,
}
const allClearOf = (changed: Partial<AlarmRecovery> = {}) =>
  alarmAllClear({ ...recovery, ...changed }, 'Northbound', 'Asia/Shanghai')

describe('alarmAllClear', () => {
  it('tells programs which alarm is over, and since when it was on', () => {
    expect(allClearOf().payload).toEqual({
      kind: 'all_clear',
      alarm: 'Northbound-dead-letters',
      since: '2026-11-24T13:35:03.123Z',
      at: '2026-11-24T14:05:03.123Z',
    })
  })

  it('has an e-mail in Chinese and English that repeats what the alarm was about', () => {
    const { subject, email } = allClearOf()
    expect(subject).toBe('[AVD] All clear: Northbound-dead-letters')
    expect(email).toBe(`叁体 AVD 告警解除：有事件处理失败

告警名称：Northbound-dead-letters
告警时间：2026-11-24 21:35:03（Asia/Shanghai）
解除时间：2026-11-24 22:05:03（Asia/Shanghai）
告警时的影响：有事件未能处理。

--------
3TEE AVD all clear: events failed for good

Alarm: Northbound-dead-letters
In alarm since: 2026-11-24 13:35:03 (UTC)
All clear: 2026-11-24 14:05:03 (UTC)
What the alarm reported: Events were not applied.
`)
  })

  it('leaves out a start that is not known and a description without an impact', () => {
    const { payload, email } = allClearOf({ since: undefined, description: 'Something else' })
    expect(payload).not.toHaveProperty('since')
    expect(email).not.toMatch(/告警时间|影响|reported|since|else/)
  })

  it('has a text message with the title of the alarm', () => {
    expect(allClearOf().sms).toBe('告警解除 22:05：有事件处理失败')
  })

  it('names an alarm of another installation, with the end of a long name in the text message and the subject', () => {
    const name = `${'安装'.repeat(40)}-${'x'.repeat(60)}-dead-letters`
    const { subject, sms } = allClearOf({ name })
    expect(sms).toMatch(/^告警解除 22:05：…x+-dead-letters$/)
    expect(sms).toHaveLength(65)
    expect(subject).toMatch(/^\[AVD\] All clear: \.\.\.\?+-x{60}-dead-letters$/)
    expect(subject).toHaveLength(99)
  })
})
