/** A message that failed for a day, as received from the dead-letter queue. */
export type DeadLetter = {
  /** The same each time it is received. */
  readonly id: string
  readonly body: string
  /** ms since 1970: when it was put on the event queue. */
  readonly sentAt: number
  /** Its message group; undefined if it has none. */
  readonly groupId: string | undefined
  readonly receiptHandle: string
  /** Whether it was put back before, and failed for another day. */
  readonly isRedriven: boolean
}

export interface DeadLetterQueue {
  /** Approximate number of dead letters that have not been received. */
  countVisible(signal?: AbortSignal): Promise<number>
  /** Number of messages on the event queue in any state. Approximate. */
  countQueuedMessages(signal?: AbortSignal): Promise<number>
  /**
   * Receives up to ten dead letters. No one else receives them until they are released, or for some time (by default ten minutes).
   *
   * @returns none only if none is visible.
   */
  receive(signal?: AbortSignal): Promise<readonly DeadLetter[]>
  /**
   * Sends dead letters to the event queue, marked as redriven, and deletes them. If it ends in between, they are on both queues,
   * which does no harm: an event counts once.
   *
   * @throws if the event queue did not accept all of them, or some could not be deleted.
   */
  putBack(letters: readonly DeadLetter[], now: number, signal?: AbortSignal): Promise<void>
  /** Makes received dead letters visible again. Never rejects: those that fail become visible some time after their receipt. */
  release(receiptHandles: readonly string[], signal?: AbortSignal): Promise<void>
}
