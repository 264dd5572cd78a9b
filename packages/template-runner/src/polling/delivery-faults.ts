/** How a queue delivers worse than usual, within what SQS promises: at least once, in any order. */
export interface DeliveryFault {
  /** The share of messages that are delivered again although they were processed, from 0 to 1. */
  readonly repeatShare: number
  /** The share of messages that are delivered later than those behind them, from 0 to 1. */
  readonly delayShare: number
  /** Such a message is delayed by up to this number of seconds. */
  readonly maxDelaySeconds: number
  /** Decides, with numbers from 0 to below 1. */
  readonly random: () => number
}

/** The delivery faults of all queues that functions poll. */
export class DeliveryFaults {
  #active: DeliveryFault | undefined

  /** Replaces the fault that is active. @returns a function that ends it. */
  inject(fault: DeliveryFault): () => void {
    this.#active = fault
    return () => {
      if (this.#active === fault) this.#active = undefined
    }
  }

  /** Divides messages into those that are delivered now, in any order, and those that are delayed. */
  divide<Message>(messages: readonly Message[]): {
    readonly now: Message[]
    readonly later: { readonly message: Message; readonly seconds: number }[]
  } {
    const fault = this.#active
    if (fault === undefined) return { now: [...messages], later: [] }
    const { delayShare, maxDelaySeconds, random } = fault
    const later = messages
      .filter(() => random() < delayShare)
      .map((message) => ({ message, seconds: 1 + Math.floor(random() * maxDelaySeconds) }))
    const delayed = new Set(later.map(({ message }) => message))
    const now = messages.filter((message) => !delayed.has(message)).map((message) => ({ message, rank: random() }))
    return { now: now.toSorted((one, other) => one.rank - other.rank).map(({ message }) => message), later }
  }

  /** Whether a message that was processed is delivered again. */
  isRepeated(): boolean {
    const fault = this.#active
    return fault !== undefined && fault.random() < fault.repeatShare
  }
}
