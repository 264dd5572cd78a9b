import middy from '@middy/core'
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import { findRecipient } from '../../core/notifications/chat/find-recipient.ts'
import type { ChatConfiguration } from '../../core/ports/chat-robots.ts'
import { asError } from '../as-error.ts'
import type { Deadline } from '../deadline.ts'
import { decodeMessages, type ReceivedRobotMessage } from './decode-messages.ts'
import { delayWaiting } from './delay-waiting.ts'
import type { NotifyChatDependencies } from './dependencies.ts'
import { sendTestMessages, type TestReport } from './send-test-messages.ts'
import type { Waiting } from './send-to-robot.ts'
import { sendToRobots } from './send-to-robots.ts'
import { splitAlerts } from './split-alerts.ts'

/** What an operator invokes the function with. */
type TestRequest = { readonly test: true }

/**
 * Sends alerts to the group robots (docs/contract.md, section 7) and returns the messages to receive again. Invoked with
 * `{"test":true}`, it sends a test message to each robot and returns what became of it.
 */
export function createHandler(dependencies: NotifyChatDependencies) {
  return middy<SQSEvent | TestRequest, SQSBatchResponse | TestReport>().handler(async (event, context: Context) => {
    const deadline = { remainingMs: () => context.getRemainingTimeInMillis() }
    const response =
      'Records' in event
        ? await notify(dependencies, event.Records, deadline)
        : await test(dependencies, event, deadline)
    const { metrics } = dependencies
    if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics()
    return response
  })
}

/** @throws Error if the request is not the one for a test. */
async function test(
  dependencies: NotifyChatDependencies,
  request: Partial<TestRequest>,
  deadline: Deadline,
): Promise<TestReport> {
  if (request.test !== true) throw new Error('the event must be {"test":true}')
  return sendTestMessages(dependencies, deadline)
}

async function notify(
  dependencies: NotifyChatDependencies,
  records: readonly SQSRecord[],
  deadline: Deadline,
): Promise<SQSBatchResponse> {
  const waiting = await process(dependencies, records, deadline)
  await delayWaiting(dependencies, waiting, deadline)
  return { batchItemFailures: waiting.map(({ record }) => ({ itemIdentifier: record.messageId })) }
}

/** @returns the messages to receive again. */
async function process(
  dependencies: NotifyChatDependencies,
  records: readonly SQSRecord[],
  deadline: Deadline,
): Promise<Waiting[]> {
  const { logger, reportProblems } = dependencies
  const { alerts, robotMessages } = decodeMessages(records)
  const waitForAll = () => records.map((record) => ({ record, retryAt: undefined }))
  let chat: ChatConfiguration | undefined
  try {
    chat = await readConfiguration(dependencies, robotMessages)
  } catch (error) {
    logger.error('alerts wait: the chat secret is not available', { messages: records.length, error: asError(error) })
    return waitForAll()
  }
  if (chat === undefined) {
    logger.info('alerts dropped: the chat secret has no robots', { messages: records.length })
    return []
  }
  reportProblems(chat.problems.map(({ english }) => english))
  const waiting = await Promise.all([
    splitAlerts(dependencies, chat, alerts, deadline),
    sendToRobots(dependencies, chat, robotMessages, deadline),
  ])
  return waiting.flat()
}

/**
 * Reads the secret again if a message is for a robot that is not known: another instance may have read the secret after it was
 * changed.
 *
 * @throws if no usable secret is known.
 */
async function readConfiguration(
  { readChat, refreshChat }: NotifyChatDependencies,
  messages: readonly ReceivedRobotMessage[],
): Promise<ChatConfiguration | undefined> {
  const known = await readChat()
  const isComplete = messages.every((message) => findRecipient(message, known?.robots ?? []).outcome === 'same')
  return isComplete ? known : refreshChat()
}
