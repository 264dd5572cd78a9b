import { describe, expect, it } from 'vitest'
import { describeChatReport } from '../../../../cli/doctor/describe-chat-report.ts'

const refused = { robot: '9b7d', service: 'dingtalk', outcome: 'refused', reason: 'the robot was removed' }

describe('describeChatReport', () => {
  it('gives the reason of a refusal in the language of the reader', () => {
    const robots = [{ ...refused, reason_zh: '机器人已被删除' }]
    expect(describeChatReport({ secret: 'configured', problems: [], problems_zh: [], robots })).toEqual([
      {
        channel: 'dingtalk',
        outcome: 'failed',
        text: {
          en: 'the robot 9b7d: the message was refused (the robot was removed)',
          zh: '机器人 9b7d：消息被拒收（机器人已被删除）',
        },
      },
    ])
  })

  it('gives the problems of the secret in the language of the reader', () => {
    const report = { problems: ['feishu[0] has no URL'], problems_zh: ['feishu[0] 没有 URL'], robots: [] }
    expect(describeChatReport({ secret: 'configured', ...report })).toMatchObject([
      {
        text: {
          en: 'the chat secret: feishu[0] has no URL',
          zh: 'ChatSecretArn 对应的 secret：feishu[0] 没有 URL',
        },
      },
    ])
  })

  it('shows the English texts of a function of the version before', () => {
    const report = { secret: 'configured', problems: ['feishu[0] has no URL'], robots: [refused] }
    expect(describeChatReport(report).map(({ text }) => text.zh)).toEqual([
      'ChatSecretArn 对应的 secret：feishu[0] has no URL',
      '机器人 9b7d：消息被拒收（the robot was removed）',
    ])
  })

  it('says that the function is of another version if its response cannot be read', () => {
    const text = /^the response of the function notify-chat cannot be read: deploy the version of this command line/
    for (const report of [null, {}, { secret: 'configured', problems: [], robots: 'none' }])
      expect(() => describeChatReport(report)).toThrow(text)
  })
})
