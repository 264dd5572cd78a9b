import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { SNSClient } from '@aws-sdk/client-sns'
import { z } from 'zod'
import { snsAlertTopic } from '../../adapters/sns/alert-topic.ts'
import { testAlert } from '../../core/notifications/test-alert.ts'
import { describeError } from '../describe-error.ts'
import type { Text } from '../language.ts'
import type { StackAccess } from './context.ts'

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
  robots: z.array(
    z.object({ robot: z.string(), service: z.string(), outcome: z.string(), reason: z.string().optional() }),
  ),
})

const defaultTimeZone = 'Asia/Shanghai'

/** Sends a test alert to everybody on the alert topic, and a test message to each group robot. */
export async function sendTestAlerts(stack: StackAccess, now: number, signal: AbortSignal): Promise<TestAlert[]> {
  // First, because a robot takes one message at a time, and the alert goes to it as well.
  const robots = stack.installation.hasOutput('ChatFunctionName') ? await sendToRobots(stack, signal) : []
  return [...(await publishTestAlert(stack, now, signal)), ...robots]
}

async function publishTestAlert(
  { installation, facts }: StackAccess,
  now: number,
  signal: AbortSignal,
): Promise<TestAlert[]> {
  const topic = snsAlertTopic(new SNSClient(installation.clients), installation.output('AlertTopicArn'))
  try {
    const timeZone = await facts.readVariable('TIME_ZONE').catch(() => undefined)
    await topic.publish(testAlert(now, timeZone ?? defaultTimeZone), signal)
    const text = {
      en: 'a test alert was published: check that the e-mail and the text message arrive',
      zh: '测试告警已发布：请确认是否收到邮件和短信',
    }
    return [{ channel: 'topic', outcome: 'sent', text }]
  } catch (error) {
    signal.throwIfAborted()
    return [{ channel: 'topic', outcome: 'failed', text: failure(error) }]
  }
}

async function sendToRobots({ installation }: StackAccess, abortSignal: AbortSignal): Promise<TestAlert[]> {
  const lambda = new LambdaClient(installation.clients)
  const command = new InvokeCommand({
    FunctionName: installation.output('ChatFunctionName'),
    Payload: Buffer.from(JSON.stringify({ test: true })),
  })
  try {
    const { Payload, FunctionError } = await lambda.send(command, { abortSignal })
    const payload: unknown = JSON.parse(Buffer.from(Payload ?? []).toString())
    if (FunctionError !== undefined) throw new Error('the function notify-chat failed; its log has the reason')
    return describeChat(chatReportSchema.parse(payload))
  } catch (error) {
    abortSignal.throwIfAborted()
    return [{ channel: 'chat', outcome: 'failed', text: failure(error) }]
  }
}

/** By the outcome that the function reports. */
const failures: Readonly<Record<string, Text>> = {
  refused: { en: 'the message was refused', zh: '消息被拒收' },
  failed: { en: 'no usable response', zh: '没有得到可用的响应' },
  throttled: { en: 'too many messages; try again in ten minutes', zh: '消息数已达上限，请十分钟后重试' },
  busy: { en: 'another message is being sent; try again', zh: '正在发送另一条消息，请重试' },
  not_stored: { en: 'the result could not be stored', zh: '发送结果未能保存' },
}

function describeChat({ secret, problems, robots }: z.output<typeof chatReportSchema>): TestAlert[] {
  const failed = (en: string, zh: string): TestAlert => ({ channel: 'chat', outcome: 'failed', text: { en, zh } })
  return [
    ...(secret === 'not_configured' ? [failed('no group robot is configured', '未配置群机器人')] : []),
    ...problems.map((problem) => failed(`the chat secret: ${problem}`, `ChatSecretArn 对应的 secret：${problem}`)),
    ...robots.map(({ robot, service, outcome, reason }): TestAlert => {
      if (outcome === 'sent') {
        const text = { en: `the robot ${robot} has the test message`, zh: `机器人 ${robot} 已收到测试消息` }
        return { channel: service, outcome: 'sent', text }
      }
      const why = reason === undefined ? { en: '', zh: '' } : { en: ` (${reason})`, zh: `（${reason}）` }
      const what = failures[outcome] ?? { en: outcome, zh: outcome }
      const text = { en: `the robot ${robot}: ${what.en}${why.en}`, zh: `机器人 ${robot}：${what.zh}${why.zh}` }
      return { channel: service, outcome: 'failed', text }
    }),
  ]
}

function failure(error: unknown): Text {
  return { en: `not sent: ${describeError(error, 'en')}`, zh: `发送失败：${describeError(error, 'zh')}` }
}
