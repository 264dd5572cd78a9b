import { NoisyGroups } from '@northbound/template-runner'

export type QueueSettings = {
  readonly batchSize: number
  readonly windowMs: number
  /** Concurrent batches when messages begin to wait for one. */
  readonly initialConcurrency: number
  readonly concurrencyGrowthPerSecond: number
  readonly maxConcurrency: number
  /** How long a group takes up too much before it counts as noisy (docs/decisions/0028). */
  readonly detectionDelayMs: number
}

export type QueuedMessage = {
  readonly group: string
  readonly queuedAtMs: number
}

/** The event queue and its event source mapping: when which messages become a batch. Times are ms of any clock. */
export class EventQueue<Message extends QueuedMessage> {
  readonly #settings: QueueSettings
  readonly #noisyGroups: NoisyGroups
  #waiting: Message[] = []
  readonly #inFlightByGroup = new Map<string, number>()
  #inFlight = 0
  #runningBatches = 0
  /** Since when all concurrent batches have been in use while messages wait. */
  #busySinceMs: number | undefined

  constructor(settings: QueueSettings) {
    this.#settings = settings
    this.#noisyGroups = new NoisyGroups(settings.detectionDelayMs)
  }

  get waiting(): number {
    return this.#waiting.length
  }

  get inFlight(): number {
    return this.#inFlight
  }

  push(message: Message): void {
    this.#waiting.push(message)
  }

  /** Takes a batch if it is full or its oldest message has waited for the batching window, and if another may run. */
  takeBatch(nowMs: number): Message[] | undefined {
    const { batchSize, windowMs } = this.#settings
    const [oldest] = this.#waiting
    if (oldest === undefined) {
      this.#busySinceMs = undefined
      return undefined
    }
    if (this.#waiting.length < batchSize && nowMs - oldest.queuedAtMs < windowMs) return undefined
    if (this.#runningBatches >= this.#allowedConcurrency(nowMs)) {
      this.#busySinceMs ??= nowMs
      return undefined
    }
    const batch = this.#choose(nowMs)
    const chosen = new Set(batch)
    this.#waiting = this.#waiting.filter((message) => !chosen.has(message))
    this.#runningBatches++
    this.#countInFlight(batch, 1)
    return batch
  }

  /** Ends a batch. Messages to be delivered again are pushed when they become visible. */
  finish(batch: readonly Message[], nowMs: number): void {
    this.#noisyGroups.account(this.#readLoad(), nowMs)
    this.#runningBatches--
    this.#countInFlight(batch, -1)
  }

  #allowedConcurrency(nowMs: number): number {
    const { initialConcurrency, concurrencyGrowthPerSecond, maxConcurrency } = this.#settings
    const busyMs = nowMs - (this.#busySinceMs ?? nowMs)
    return Math.min(maxConcurrency, Math.floor(initialConcurrency + (concurrencyGrowthPerSecond * busyMs) / 1000))
  }

  /** Messages of quiet groups come first, then those of the noisy group with the fewest messages in flight. */
  #choose(nowMs: number): Message[] {
    const load = this.#readLoad()
    this.#noisyGroups.account(load, nowMs)
    const noisy = this.#noisyGroups.detect(load, nowMs)
    const byLoad = [...noisy].sort((a, b) => (load.inFlight.get(a) ?? 0) - (load.inFlight.get(b) ?? 0))
    const batch: Message[] = []
    const addWhile = (isChosen: (message: Message) => boolean) => {
      for (const message of this.#waiting) {
        if (batch.length >= this.#settings.batchSize) return
        if (isChosen(message)) batch.push(message)
      }
    }
    addWhile(({ group }) => !noisy.has(group))
    for (const group of byLoad) addWhile((message) => message.group === group)
    return batch
  }

  #readLoad() {
    return {
      inFlight: this.#inFlightByGroup,
      totalInFlight: this.#inFlight,
      latestWaitingSentAtMs: (group: string) =>
        this.#waiting.findLast((message) => message.group === group)?.queuedAtMs,
    }
  }

  #countInFlight(batch: readonly Message[], change: 1 | -1): void {
    this.#inFlight += change * batch.length
    for (const { group } of batch) {
      const count = (this.#inFlightByGroup.get(group) ?? 0) + change
      if (count === 0) this.#inFlightByGroup.delete(group)
      else this.#inFlightByGroup.set(group, count)
    }
  }
}
