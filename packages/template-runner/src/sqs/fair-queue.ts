import type { FauxqsMessage, FauxqsQueue } from './fauxqs-stores.ts'
import { type GroupLoad, NoisyGroups } from './noisy-groups.ts'
import { takeSentGroup } from './sent-groups.ts'

/** Numbers of messages, and when the oldest of them was sent. */
export interface MessageCounts {
  readonly visible: number
  readonly notVisible: number
  readonly delayed: number
  /**
   * Epoch milliseconds; undefined if there is no such message. Like in SQS, messages that have been received three times do
   * not count. A dead letter keeps the time at which it was first sent.
   */
  readonly oldestSentAtMs: number | undefined
}

export interface QueueDepth {
  readonly all: MessageCounts
  /** Messages of noisy groups excluded. */
  readonly quiet: MessageCounts
  readonly noisyGroups: number
}

/** Received as often as this, a message no longer counts for the age of the oldest message. */
const minReceivesLeftOut = 3

/**
 * Makes a standard queue of the emulator a fair one: its messages keep their group, and those of noisy groups are received only
 * if no other message is waiting. Among noisy groups, the one with the fewest messages in flight comes first.
 */
export class FairQueue {
  readonly #queue: FauxqsQueue
  readonly #noisyGroups: NoisyGroups

  /** Replaces methods of the queue, because the emulator has no other way to change the order of its messages. */
  constructor(queue: FauxqsQueue, detectionDelayMs: number) {
    this.#queue = queue
    this.#noisyGroups = new NoisyGroups(detectionDelayMs)
    const enqueue = queue.enqueue.bind(queue)
    const dequeue = queue.dequeue.bind(queue)
    const deleteMessage = queue.deleteMessage.bind(queue)
    queue.enqueue = (message) => {
      const group = takeSentGroup(message.body)
      if (group !== undefined) message.messageGroupId = group
      enqueue(message)
    }
    queue.dequeue = (...limits) => {
      this.#sort()
      return dequeue(...limits)
    }
    queue.deleteMessage = (receiptHandle) => {
      this.#noisyGroups.account(this.#readLoad(), Date.now())
      return deleteMessage(receiptHandle)
    }
  }

  readDepth(): QueueDepth {
    const noisy = this.#detect(this.#readLoad())
    const isQuiet = ({ messageGroupId }: FauxqsMessage) => messageGroupId === undefined || !noisy.has(messageGroupId)
    return { all: this.#count(() => true), quiet: this.#count(isQuiet), noisyGroups: noisy.size }
  }

  #sort(): void {
    // Messages whose visibility timeout or delay has ended are sorted too.
    this.#queue.processTimers()
    const load = this.#readLoad()
    const noisy = this.#detect(load)
    if (noisy.size === 0) return
    const rankOf = ({ messageGroupId }: FauxqsMessage) =>
      messageGroupId !== undefined && noisy.has(messageGroupId) ? 1 + (load.inFlight.get(messageGroupId) ?? 0) : 0
    this.#queue.messages.sort((a, b) => rankOf(a) - rankOf(b))
  }

  #detect(load: GroupLoad): ReadonlySet<string> {
    const nowMs = Date.now()
    this.#noisyGroups.account(load, nowMs)
    return this.#noisyGroups.detect(load, nowMs)
  }

  #readLoad(): GroupLoad {
    const { inflightMessages, messages, delayedMessages } = this.#queue
    const inFlight = new Map<string, number>()
    for (const { message } of inflightMessages.values()) {
      const { messageGroupId } = message
      if (messageGroupId !== undefined) inFlight.set(messageGroupId, (inFlight.get(messageGroupId) ?? 0) + 1)
    }
    return {
      inFlight,
      totalInFlight: inflightMessages.size,
      latestWaitingSentAtMs(group) {
        let latest: number | undefined
        for (const waiting of [messages, delayedMessages]) {
          for (const { messageGroupId, sentTimestamp } of waiting)
            if (messageGroupId === group) latest = Math.max(latest ?? 0, sentTimestamp)
        }
        return latest
      },
    }
  }

  #count(isCounted: (message: FauxqsMessage) => boolean): MessageCounts {
    const { ready, delayed, inflight } = this.#queue.inspectMessages()
    const visible = ready.filter(isCounted)
    const waiting = delayed.filter(isCounted)
    const received = inflight.map(({ message }) => message).filter(isCounted)
    const recent = [visible, waiting, received]
      .flat()
      .filter(({ approximateReceiveCount }) => approximateReceiveCount < minReceivesLeftOut)
    const sentAt = recent.map(({ sentTimestamp }) => sentTimestamp)
    return {
      visible: visible.length,
      notVisible: received.length,
      delayed: waiting.length,
      oldestSentAtMs: sentAt.reduce<number | undefined>((oldest, at) => Math.min(oldest ?? at, at), undefined),
    }
  }
}
