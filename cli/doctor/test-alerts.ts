import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { SNSClient } from '@aws-sdk/client-sns'
import { snsAlertTopic } from '../../adapters/sns/alert-topic.ts'
import { testAlert } from '../../core/notifications/test-alert.ts'
import { describeError } from '../describe-error.ts'
import type { Text } from '../language.ts'
import type { StackAccess } from './context.ts'
import { describeChatReport, type TestAlert } from './describe-chat-report.ts'

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
    return describeChatReport(payload)
  } catch (error) {
    abortSignal.throwIfAborted()
    return [{ channel: 'chat', outcome: 'failed', text: failure(error) }]
  }
}

function failure(error: unknown): Text {
  return { en: `not sent: ${describeError(error, 'en')}`, zh: `发送失败：${describeError(error, 'zh')}` }
}
