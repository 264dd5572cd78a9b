import { randomUUID } from 'node:crypto'
import type { DeadLetterSources } from './dead-letter-sources.ts'
import type { FauxqsQueue, FauxqsStores } from './fauxqs-stores.ts'

export interface MoveRequest {
  readonly SourceArn: string
  /** Default: the queue that each message came from. */
  readonly DestinationArn?: string | undefined
  readonly MaxNumberOfMessagesPerSecond?: number | undefined
}

export type MoveStatus = 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED'

/** AWS chooses the rate itself if the request has none. */
const defaultMessagesPerSecond = 500
const tickMs = 20

/** Moves the visible messages of a queue to another one, or back to where they came from, at a limited rate. */
export class MessageMove {
  readonly id = randomUUID()
  readonly startedAtMs = Date.now()
  readonly request: MoveRequest
  /** Number of visible messages at the start. */
  readonly messagesToMove: number
  readonly #source: FauxqsQueue
  readonly #queues: FauxqsStores['sqsStore']
  readonly #sources: DeadLetterSources
  readonly #timer: NodeJS.Timeout
  #status: MoveStatus = 'RUNNING'
  #movedMessages = 0
  #failureReason: string | undefined

  constructor(request: MoveRequest, source: FauxqsQueue, queues: FauxqsStores['sqsStore'], sources: DeadLetterSources) {
    this.request = request
    this.#source = source
    this.#queues = queues
    this.#sources = sources
    source.processTimers()
    this.messagesToMove = source.messages.length
    this.#timer = setInterval(() => this.#moveDue(), tickMs)
  }

  get status(): MoveStatus {
    return this.#status
  }

  get movedMessages(): number {
    return this.#movedMessages
  }

  get failureReason(): string | undefined {
    return this.#failureReason
  }

  /** Messages that have been moved stay moved. */
  cancel(): void {
    this.#end('CANCELLED')
  }

  /** Moves as many messages as the rate allows by now; the first one at once. */
  #moveDue(): void {
    const rate = this.request.MaxNumberOfMessagesPerSecond ?? defaultMessagesPerSecond
    const allowed = 1 + Math.floor(((Date.now() - this.startedAtMs) * rate) / 1000)
    this.#source.processTimers()
    while (this.#status === 'RUNNING' && this.#movedMessages < allowed) this.#moveOne()
  }

  #moveOne(): void {
    const [message] = this.#source.messages
    if (message === undefined) {
      this.#end('COMPLETED')
      return
    }
    const arn = this.request.DestinationArn ?? this.#sources.sourceOf(message)
    const destination = arn === undefined ? undefined : this.#queues.getQueueByArn(arn)
    if (destination === undefined) {
      this.#failureReason =
        arn === undefined ? 'CouldNotDetermineMessageSource' : 'AWS.SimpleQueueService.NonExistentQueue'
      this.#end('FAILED')
      return
    }
    this.#source.messages.shift()
    const { approximateFirstReceiveTimestamp: _received, delayUntil: _delay, ...kept } = message
    // A moved message is a new one: its id, age and number of receives begin again. Its attributes and its group stay.
    destination.enqueue({ ...kept, messageId: randomUUID(), sentTimestamp: Date.now(), approximateReceiveCount: 0 })
    this.#movedMessages++
  }

  #end(status: MoveStatus): void {
    clearInterval(this.#timer)
    this.#status = status
  }
}
