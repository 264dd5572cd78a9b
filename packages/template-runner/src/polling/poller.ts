import { type AwsService, callService, createAdminCall } from '../endpoint/aws-call.ts'
import type { FunctionPool } from '../functions/function-pool.ts'
import { type Message, readMessages, sqsRecord, weight } from './message.ts'
import { failedMessages } from './partial-response.ts'

/** An event source mapping of a queue. */
export interface MappingSettings {
  readonly logicalId: string
  readonly queueUrl: string
  readonly queueArn: string
  readonly region: string
  readonly pool: FunctionPool
  readonly batchSize: number
  readonly windowSeconds: number
  readonly reportsItemFailures: boolean
  /** Invocations at once. */
  readonly concurrency: number
  readonly log: (line: string) => void
}

/** Lambda's limit for an event. */
const largestBatch = 6 * 1024 * 1024
/** What one ReceiveMessage gives. */
const receiveAtOnce = 10
/** Short, because only the end of a wait notices that the runner stops. */
const longestWaitSeconds = 0.25

/**
 * Moves messages from one queue to one function, as Lambda's own poller does.
 *
 * One collector fills the batches, and only while an invocation is free: batches are as full as they can be,
 * and no message waits out its visibility timeout here.
 */
export class Poller {
  readonly #settings: MappingSettings
  readonly #sqs: AwsService
  readonly #invocations = new Set<Promise<void>>()
  #held = 0
  #stopping = false
  #loop = Promise.resolve()

  constructor(settings: MappingSettings, sqs: AwsService) {
    this.#settings = settings
    this.#sqs = sqs
  }

  get queueUrl(): string {
    return this.#settings.queueUrl
  }

  /** Messages being collected, and batches at work. */
  get busy(): number {
    return this.#held + this.#invocations.size
  }

  start(): void {
    this.#loop = this.#run().catch((error: unknown) => {
      if (!this.#stopping) this.#settings.log(`${this.#settings.logicalId}: polling ended: ${String(error)}`)
    })
  }

  /** Takes what is on the queue without waiting for fuller batches, and ends once there is nothing left. */
  stop(): Promise<void> {
    this.#stopping = true
    return this.#loop
  }

  async #run(): Promise<void> {
    for (;;) {
      while (this.#invocations.size >= this.#settings.concurrency) await Promise.race(this.#invocations)
      const messages = await this.#collect()
      if (messages.length === 0 && this.#stopping) break
      for (const batch of splitByWeight(messages)) {
        const invocation = this.#invoke(batch).finally(() => this.#invocations.delete(invocation))
        this.#invocations.add(invocation)
      }
      this.#held = 0
    }
    await Promise.all(this.#invocations)
  }

  /** Fills a batch until it is full or its window, which the first message opens, is over. */
  async #collect(): Promise<Message[]> {
    const { batchSize, windowSeconds } = this.#settings
    const messages = await this.#receive(longestWaitSeconds, batchSize)
    const closes = Date.now() + windowSeconds * 1000
    const isFull = () => messages.length >= batchSize || weigh(messages) >= largestBatch
    while (messages.length > 0 && !isFull() && Date.now() < closes) {
      this.#held = messages.length
      const more = await this.#receive((closes - Date.now()) / 1000, batchSize - messages.length)
      messages.push(...more)
      if (more.length === 0 && this.#stopping) break
    }
    this.#held = messages.length
    return messages
  }

  async #receive(waitSeconds: number, most: number): Promise<Message[]> {
    const { queueUrl, region } = this.#settings
    const output = await callService(
      this.#sqs,
      createAdminCall('sqs', 'ReceiveMessage', region, {
        QueueUrl: queueUrl,
        MaxNumberOfMessages: Math.min(receiveAtOnce, most),
        WaitTimeSeconds: this.#stopping ? 0 : Math.min(waitSeconds, longestWaitSeconds),
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
    )
    return readMessages(output)
  }

  async #invoke(batch: readonly Message[]): Promise<void> {
    const { queueArn, region, pool, reportsItemFailures } = this.#settings
    const outcome = await pool.invoke({ Records: batch.map((message) => sqsRecord(message, queueArn, region)) })
    if (outcome.kind === 'failed') return
    const ids = batch.map(({ MessageId }) => MessageId)
    const failed = reportsItemFailures ? failedMessages(outcome.payload, ids) : []
    await this.#delete(batch.filter(({ MessageId }) => !failed.includes(MessageId)))
  }

  async #delete(messages: readonly Message[]): Promise<void> {
    const { queueUrl, region } = this.#settings
    for (let from = 0; from < messages.length; from += receiveAtOnce) {
      const Entries = messages
        .slice(from, from + receiveAtOnce)
        .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }))
      await callService(
        this.#sqs,
        createAdminCall('sqs', 'DeleteMessageBatch', region, { QueueUrl: queueUrl, Entries }),
      )
    }
  }
}

/** Cuts a batch into parts that an event can hold. */
function splitByWeight(messages: readonly Message[]): Message[][] {
  const parts: Message[][] = []
  let room = 0
  for (const message of messages) {
    room -= weight(message)
    if (room < 0) {
      parts.push([])
      room = largestBatch - weight(message)
    }
    parts.at(-1)?.push(message)
  }
  return parts
}

function weigh(messages: readonly Message[]): number {
  return messages.reduce((sum, message) => sum + weight(message), 0)
}
