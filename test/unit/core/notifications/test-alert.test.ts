import { describe, expect, it } from 'vitest'
import { describeAlert } from '../../../../core/notifications/chat/describe-alert.ts'
import { testAlert } from '../../../../core/notifications/test-alert.ts'

const at = Date.parse('2026-11-27T02:00:00Z')

describe('testAlert', () => {
  const alert = testAlert(at, 'Asia/Shanghai')

  it('says in the e-mail, in both languages, and in the text message that it is a test', () => {
    expect(alert.email).toContain('这是一条测试消息')
    expect(alert.email).toContain('This is a test.')
    expect(alert.email).toContain('2026-11-27 10:00:00（Asia/Shanghai）')
    expect(alert.sms).toBe('测试短信 10:00：告警可以送达，无需处理。')
    expect(alert.subject).toMatch(/^[ -~]{1,99}$/)
  })

  it('appears in group chats as a notice', () => {
    const message = { body: JSON.stringify(alert.payload), publishedAt: at }
    const context = { installation: 'N', timeZone: 'Asia/Shanghai', consoleUrl: 'https://example.com/console' }
    expect(describeAlert(message, context)).toMatchObject({
      level: 'notice',
      at,
      text: { title: { chinese: '测试告警' } },
    })
  })
})
