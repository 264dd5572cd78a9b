import type { FauxqsMessage, FauxqsQueue } from './fauxqs-stores.ts'

/** Remembers from which queue each dead letter came, which the emulator does not. */
export class DeadLetterSources {
  readonly #arns = new WeakMap<FauxqsMessage, string>()
  /** The queue that is moving a message to its dead-letter queue at this moment. */
  #movingFrom: string | undefined

  /** Replaces methods of the queue. The emulator moves a message directly after it has looked up the dead-letter queue. */
  watch(queue: FauxqsQueue): void {
    const dequeue = queue.dequeue.bind(queue)
    const enqueue = queue.enqueue.bind(queue)
    queue.dequeue = (maxCount, visibilityTimeout, resolveDeadLetterQueue) =>
      dequeue(maxCount, visibilityTimeout, (arn) => {
        this.#movingFrom = queue.arn
        return resolveDeadLetterQueue?.(arn)
      })
    queue.enqueue = (message) => {
      if (this.#movingFrom !== undefined) this.#arns.set(message, this.#movingFrom)
      this.#movingFrom = undefined
      enqueue(message)
    }
  }

  /** Returns the ARN of the queue that a dead letter came from; undefined if it was sent to the dead-letter queue directly. */
  sourceOf(message: FauxqsMessage): string | undefined {
    return this.#arns.get(message)
  }
}
