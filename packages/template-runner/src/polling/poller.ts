import type { AwsService } from '../endpoint/aws-call.ts'
import type { FunctionPool } from '../functions/function-pool.ts'
import type { DeliveryFaults } from './delivery-faults.ts'
import { readFailedMessageIds } from './partial-response.ts'
import { deleteMessages, hideMessage, type QueueConnection, receiveMessages } from './queue-messages.ts'
import { estimateEventBytes, maxEventBytes, splitBySize } from './split-by-size.ts'
import { type SqsMessage, toSqsRecord } from './sqs-message.ts'

/** An event source mapping of a queue. */
interface EventSourceMappingSettings {
  readonly logicalId: string
  readonly queueUrl: string
  readonly queueArn: string
  readonly region: string
  readonly pool: FunctionPool
  readonly batchSize: number
  readonly windowSeconds: number
  readonly reportsItemFailures: boolean
  readonly maxConcurrency: number
  readonly deliveryFaults: DeliveryFaults
  readonly log: (line: string) => void
}

/** Short, because the poller notices `stop` only when a wait ends. */
const maxWaitSeconds = 0.25

/**
 * Moves messages from one queue to one function, like Lambda's poller.
 *
 * Messages are received only while the function can take another invocation. This keeps batches as full as possible,
 * and no message waits in memory until its visibility timeout ends.
 */
export class Poller {
  readonly #settings: EventSourceMappingSettings
  readonly #queue: QueueConnection
  readonly #invocations = new Set<Promise<void>>()
  #collectedMessages = 0
  #stopping = false
  #loop = Promise.resolve()

  constructor(settings: EventSourceMappingSettings, sqs: AwsService) {
    this.#settings = settings
    this.#queue = { sqs, queueUrl: settings.queueUrl, region: settings.region }
  }

  get queueUrl(): string {
    return this.#settings.queueUrl
  }

  /** The number of messages received but not yet passed to the function, plus the number of running invocations. */
  get pendingWork(): number {
    return this.#collectedMessages + this.#invocations.size
  }

  start(): void {
    this.#loop = this.#run().catch((error: unknown) => {
      if (!this.#stopping) this.#settings.log(`${this.#settings.logicalId}: polling ended: ${String(error)}`)
    })
  }

  /** Processes the messages left on the queue without waiting for fuller batches. Resolves when the queue is empty. */
  stop(): Promise<void> {
    this.#stopping = true
    return this.#loop
  }

  async #run(): Promise<void> {
    for (;;) {
      while (this.#invocations.size >= this.#settings.maxConcurrency) await Promise.race(this.#invocations)
      const messages = await this.#collect()
      if (messages.length === 0 && this.#stopping) break
      for (const batch of splitBySize(messages)) {
        const invocation = this.#invoke(batch).finally(() => this.#invocations.delete(invocation))
        this.#invocations.add(invocation)
      }
      this.#collectedMessages = 0
    }
    await Promise.all(this.#invocations)
  }

  /** Collects a batch until it is full or its window is over. The window starts with the first message. */
  async #collect(): Promise<SqsMessage[]> {
    const { batchSize, windowSeconds } = this.#settings
    const messages = await this.#receive(maxWaitSeconds, batchSize)
    const windowEndMs = Date.now() + windowSeconds * 1000
    const isFull = () => messages.length >= batchSize || estimateEventBytes(messages) >= maxEventBytes
    while (messages.length > 0 && !isFull() && Date.now() < windowEndMs) {
      this.#collectedMessages = messages.length
      const more = await this.#receive((windowEndMs - Date.now()) / 1000, batchSize - messages.length)
      messages.push(...more)
      if (more.length === 0 && this.#stopping) break
    }
    this.#collectedMessages = messages.length
    return messages
  }

  #receive(waitSeconds: number, maxMessages: number): Promise<SqsMessage[]> {
    return receiveMessages(this.#queue, maxMessages, this.#stopping ? 0 : Math.min(waitSeconds, maxWaitSeconds))
  }

  async #invoke(received: readonly SqsMessage[]): Promise<void> {
    const { queueArn, region, pool, reportsItemFailures, deliveryFaults } = this.#settings
    const { now: batch, later } = deliveryFaults.divide(received)
    for (const { message, seconds } of later) await hideMessage(this.#queue, message, seconds)
    if (batch.length === 0) return
    const result = await pool.invokeInTurn({ Records: batch.map((message) => toSqsRecord(message, queueArn, region)) })
    if (result.kind !== 'returned') return
    const ids = batch.map(({ MessageId }) => MessageId)
    const failed = reportsItemFailures ? readFailedMessageIds(result.payload, ids) : []
    const processed = batch.filter(({ MessageId }) => !failed.includes(MessageId))
    const repeated = processed.filter(() => deliveryFaults.isRepeated())
    for (const message of repeated) await hideMessage(this.#queue, message, 0)
    await deleteMessages(
      this.#queue,
      processed.filter((message) => !repeated.includes(message)),
    )
  }
}
