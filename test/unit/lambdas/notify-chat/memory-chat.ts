import { Logger } from '@aws-lambda-powertools/logger'
import { Metrics } from '@aws-lambda-powertools/metrics'
import type { SQSBatchResponse, SQSRecord } from 'aws-lambda'
import { vi } from 'vitest'
import type { ChatConfiguration } from '../../../../core/ports/chat-robots.ts'
import { ExplainedError } from '../../../../core/ports/explained-error.ts'
import type { NotifyChatDependencies } from '../../../../lambdas/notify-chat/dependencies.ts'
import { createHandler } from '../../../../lambdas/notify-chat/handler.ts'
import { lambdaContext } from '../../../support/api-gateway.ts'
import { type Clock, createSleep, type FakeRobot, fakeRobot, memoryRobotStates } from './memory-robots.ts'

export const refusalAlarm = 'Northbound-chat-refused'

const timeoutMs = 60_000
/** A batch is processed this long after its first message became visible. */
const batchingWindowMs = 2000
const visibilityMs = 362_000
const maxReceives = 300

type StoredMessage = {
  readonly id: string
  readonly body: string
  readonly sentAtMs: number
  receives: number
  visibleAtMs: number
}

/** A queue in memory with the visibility of its messages, and its dead letters. */
function memoryQueue(clock: Clock) {
  const messages: StoredMessage[] = []
  const deadLetters: StoredMessage[] = []
  let serial = 0
  return {
    messages,
    deadLetters,
    put(body: string, atMs = clock.ms) {
      messages.push({ id: `m${++serial}`, body, sentAtMs: atMs, receives: 0, visibleAtMs: atMs })
    },
    receive(): StoredMessage[] {
      const batch = messages.filter(({ visibleAtMs }) => visibleAtMs <= clock.ms).slice(0, 100)
      for (const message of batch) {
        message.receives++
        message.visibleAtMs = clock.ms + visibilityMs
        if (message.receives <= maxReceives) continue
        messages.splice(messages.indexOf(message), 1)
        deadLetters.push(message)
      }
      return batch.filter(({ receives }) => receives <= maxReceives)
    },
    hide(id: string, delaySeconds: number) {
      const message = messages.find((candidate) => candidate.id === id)
      if (message !== undefined) message.visibleAtMs = clock.ms + delaySeconds * 1000
    },
    remove(id: string) {
      messages.splice(
        messages.findIndex((message) => message.id === id),
        1,
      )
    },
  }
}

/** Creates the handler over a queue, robots and their states in memory. Each robot shows up to ten alerts in a message. */
export function setUpChat(
  names: readonly string[] = ['a', 'b', 'c'],
  clock: Clock = { ms: Date.parse('2026-11-24T14:05:03Z') },
  composer: Partial<Pick<NotifyChatDependencies, 'compose'>> = {},
) {
  const queue = memoryQueue(clock)
  const states = memoryRobotStates()
  const robots = names.map((name) => fakeRobot(name, clock))
  const broken = { secret: false, send: false }
  let chat: ChatConfiguration | undefined = { robots, language: 'en', problems: [] }
  let stale: { readonly chat: ChatConfiguration | undefined } | undefined
  const metrics = new Metrics({ namespace: 'test' })
  const addMetric = vi.spyOn(metrics, 'addMetric')
  const refreshChat = async () => {
    if (broken.secret) throw new ExplainedError({ english: 'the secret was not read', chinese: '未能读取 secret' })
    stale = undefined
    return chat
  }
  const dependencies: NotifyChatDependencies = {
    readChat: async () => (stale === undefined ? refreshChat() : stale.chat),
    refreshChat,
    reportProblems: vi.fn(),
    states,
    queue: {
      async sendAll(sent) {
        if (broken.send) throw new Error('the queue is broken')
        for (const message of sent) queue.put(JSON.stringify(message))
      },
    },
    retries: {
      async delayAll(delayed) {
        for (const { receiptHandle, delaySeconds } of delayed) queue.hide(receiptHandle, delaySeconds)
        return []
      },
    },
    compose: (alerts) =>
      Array.from({ length: Math.ceil(alerts.length / 10) }, (_, index) => {
        const shown = alerts.slice(index * 10, index * 10 + 10)
        return { text: shown.map(({ alert }) => alert).join('|'), alertCount: shown.length }
      }),
    testText: () => 'test',
    ...composer,
    refusalAlarm,
    now: () => clock.ms,
    sleep: createSleep(clock),
    logger: new Logger({ logLevel: 'SILENT' }),
    metrics,
  }
  const handler = createHandler(dependencies)
  const contextFrom = (startMs: number) => ({
    ...lambdaContext,
    getRemainingTimeInMillis: () => startMs + timeoutMs - clock.ms,
  })

  /** Processes one batch. @returns the number of messages in it. */
  async function run(): Promise<number> {
    const batch = queue.receive()
    if (batch.length === 0) return 0
    const response = await handler({ Records: batch.map(toRecord) }, contextFrom(clock.ms))
    const failed = (response as SQSBatchResponse).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)
    for (const { id } of batch) if (!failed.includes(id)) queue.remove(id)
    return batch.length
  }

  return {
    clock,
    queue,
    states,
    robots: robots as readonly FakeRobot[],
    broken,
    dependencies,
    configure: (next: ChatConfiguration | undefined) => {
      chat = next
    },
    /** Lets the handler remember the secret as it is now, until it reads it again. */
    keepStale() {
      stale = { chat }
    },
    publish(...alerts: string[]) {
      for (const alert of alerts) queue.put(alert)
    },
    run,
    test: () => handler({ test: true }, contextFrom(clock.ms)),
    /** Processes batches for so long, or until the queue is empty. */
    async runFor(ms: number): Promise<void> {
      const endMs = clock.ms + ms
      while (queue.messages.length > 0 && clock.ms < endMs) {
        if ((await run()) > 0 || queue.messages.length === 0) continue
        const nextBatchMs = Math.min(...queue.messages.map(({ visibleAtMs }) => visibleAtMs)) + batchingWindowMs
        clock.ms = Math.min(nextBatchMs, endMs)
      }
    },
    reportedRobots: () => addMetric.mock.calls.filter(([name]) => name === 'RobotsUnavailable').length,
  }
}

function toRecord({ id, body, sentAtMs, receives }: StoredMessage): SQSRecord {
  return {
    messageId: id,
    receiptHandle: id,
    body,
    attributes: {
      ApproximateReceiveCount: String(receives),
      SentTimestamp: String(sentAtMs),
      SenderId: '',
      ApproximateFirstReceiveTimestamp: '',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:123456789012:chat',
    awsRegion: 'us-east-1',
  }
}
