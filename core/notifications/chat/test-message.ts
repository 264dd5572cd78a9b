import { timeFact, timeLabel } from '../alert-text.ts'
import type { ChatAlert, ChatContext } from './chat-alert.ts'

/** The message that shows whether a robot is set up. @param at ms since 1970. */
export function createTestMessage(at: number, { timeZone }: ChatContext): ChatAlert {
  const title = { chinese: '测试消息', english: 'test message' }
  return {
    level: 'notice',
    at,
    text: {
      title,
      summary: title,
      facts: [
        {
          chinese: '本群的机器人已配置成功，告警和告警解除通知会发送到这里。',
          english: 'The robot of this group is set up. Alerts and all-clears will appear here.',
        },
        timeFact(timeLabel, at, { chinese: timeZone, english: timeZone }),
      ],
    },
  }
}
