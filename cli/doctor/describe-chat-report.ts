import { z } from 'zod'
import type { Text } from '../language.ts'
import { readFunctionResponse } from '../read-function-response.ts'

/** What became of a test message. */
export interface TestAlert {
  /** `topic`: e-mail, text messages and programs; otherwise the service of a group robot. */
  readonly channel: string
  readonly outcome: 'sent' | 'failed'
  readonly text: Text
}

const chatReportSchema = z.object({
  secret: z.enum(['configured', 'not_configured', 'unavailable']),
  problems: z.array(z.string()),
  problems_zh: z.array(z.string()).default([]),
  robots: z.array(
    z.object({
      robot: z.string(),
      service: z.string(),
      outcome: z.string(),
      reason: z.string().optional(),
      reason_zh: z.string().optional(),
    }),
  ),
})

/** By the outcome that the function reports. */
const failures: Readonly<Record<string, Text>> = {
  refused: { en: 'the message was refused', zh: '消息被拒收' },
  failed: { en: 'no usable response', zh: '没有得到可用的响应' },
  throttled: { en: 'too many messages; try again in ten minutes', zh: '消息数已达上限，请十分钟后重试' },
  busy: { en: 'another message is being sent; try again', zh: '正在发送另一条消息，请重试' },
  not_stored: { en: 'the result could not be stored', zh: '发送结果未能保存' },
}

/** Describes the response of `notify-chat` to a test (docs/contract.md, section 7). @throws CliError if it is not such a response. */
export function describeChatReport(report: unknown): TestAlert[] {
  const { secret, problems, problems_zh, robots } = readFunctionResponse(chatReportSchema, report, 'notify-chat')
  const failed = (en: string, zh: string): TestAlert => ({ channel: 'chat', outcome: 'failed', text: { en, zh } })
  return [
    ...(secret === 'not_configured' ? [failed('no group robot is configured', '未配置群机器人')] : []),
    ...problems.map((problem, index) =>
      failed(`the chat secret: ${problem}`, `ChatSecretArn 对应的 secret：${problems_zh[index] ?? problem}`),
    ),
    ...robots.map(({ robot, service, outcome, reason, reason_zh }): TestAlert => {
      if (outcome === 'sent') {
        const text = { en: `the robot ${robot} has the test message`, zh: `机器人 ${robot} 已收到测试消息` }
        return { channel: service, outcome: 'sent', text }
      }
      const why = reason === undefined ? { en: '', zh: '' } : { en: ` (${reason})`, zh: `（${reason_zh ?? reason}）` }
      const what = failures[outcome] ?? { en: outcome, zh: outcome }
      const text = { en: `the robot ${robot}: ${what.en}${why.en}`, zh: `机器人 ${robot}：${what.zh}${why.zh}` }
      return { channel: service, outcome: 'failed', text }
    }),
  ]
}
