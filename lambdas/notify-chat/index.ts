import { setTimeout } from 'node:timers/promises'
import { lambdaClient } from '../../adapters/aws-json/lambda-client.ts'
import { configuredChat } from '../../adapters/chat/configured-chat.ts'
import { documentClient } from '../../adapters/dynamodb/client.ts'
import { dynamodbRobotStates } from '../../adapters/dynamodb/robot-states.ts'
import { parseChatSecret } from '../../adapters/secrets/chat-secret.ts'
import { createSecretReader } from '../../adapters/secrets/secret-reader.ts'
import { sqsChatQueue } from '../../adapters/sqs/chat-queue.ts'
import { sqsRetryQueue } from '../../adapters/sqs/retry-queue.ts'
import { sqsClient } from '../../adapters/sqs/send-messages.ts'
import { chatRefused } from '../../names/alarms.ts'
import { environment } from '../environment.ts'
import { createLogger, createMetrics } from '../observability.ts'
import { createSecretReport } from '../secret-report.ts'
import { maxSendMs, secretBudgetMs } from './budgets.ts'
import { createComposer } from './compose.ts'
import { createHandler } from './handler.ts'
import { createProblemReport } from './report-problems.ts'

const logger = createLogger('notify-chat')
const sqs = sqsClient()
const queueUrl = environment('CHAT_QUEUE_URL')
const chatHosts = environment('CHAT_HOSTS').split(',')
const installation = environment('METRICS_NAMESPACE')
const context = { installation, timeZone: environment('TIME_ZONE'), consoleUrl: environment('CONSOLE_URL') }
const reportUnusable = createSecretReport('chat', logger)
const secret = createSecretReader({
  client: lambdaClient('secretsmanager', environment('URL_SUFFIX')),
  secretArn: environment('CHAT_SECRET_ARN'),
  parse: (text) => parseChatSecret(text, chatHosts),
  reportUnusable,
})
const robots = { timeoutMs: maxSendMs }

export const handler = createHandler({
  readChat: configuredChat(secret, secretBudgetMs, robots),
  refreshChat: configuredChat({ read: (deadline) => secret.refresh(deadline) }, secretBudgetMs, robots),
  reportProblems: createProblemReport(reportUnusable, Date.now),
  states: dynamodbRobotStates(documentClient(), environment('STATE_TABLE')),
  queue: sqsChatQueue(sqs, queueUrl),
  retries: sqsRetryQueue(sqs, queueUrl),
  ...createComposer(context, Date.now),
  refusalAlarm: `${installation}-${chatRefused}`,
  now: Date.now,
  sleep: setTimeout,
  logger,
  metrics: createMetrics('notify-chat'),
})
