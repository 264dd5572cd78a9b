/** A group with fewer messages in flight is not noisy by their number. */
const minInFlight = 30
/** Of the messages in flight, or of the recent processing time. */
const maxQuietShare = 0.1
/** Processing time this long ago counts only 37 %. AWS does not say what it counts as recent. */
const recentMs = 60_000
/** A group that has sent nothing for this long is quiet again. */
const maxSilenceMs = 5 * 60_000

/** The messages of a queue that have a group. */
export interface GroupLoad {
  /** The number of messages in flight by group. */
  readonly inFlight: ReadonlyMap<string, number>
  /** Includes messages without a group. */
  readonly totalInFlight: number
  /** Returns when the latest waiting message of a group was sent, in epoch milliseconds; undefined if none is waiting. */
  latestWaitingSentAtMs(group: string): number | undefined
}

/**
 * Finds the noisy message groups of a queue by the rules of SQS fair queues.
 *
 * A group takes up too much if it has at least 30 messages in flight and more than a tenth of all, or more than a tenth of
 * the recent processing time. AWS detects this with a delay that it does not state. A group is quiet again when none of its messages
 * is waiting, or after five minutes without a new one.
 */
export class NoisyGroups {
  readonly #detectionDelayMs: number
  /** Since when a group takes up too much. */
  readonly #suspectSinceMs = new Map<string, number>()
  /** Recent milliseconds that messages were in flight, by group. */
  readonly #processingMs = new Map<string, number>()
  #totalProcessingMs = 0
  #accountedMs: number | undefined

  constructor(detectionDelayMs: number) {
    this.#detectionDelayMs = detectionDelayMs
  }

  /** Adds the processing time since the last call. To be called before messages begin or end to be in flight. */
  account({ inFlight, totalInFlight }: Pick<GroupLoad, 'inFlight' | 'totalInFlight'>, nowMs: number): void {
    const elapsedMs = nowMs - (this.#accountedMs ?? nowMs)
    this.#accountedMs = nowMs
    if (elapsedMs <= 0) return
    const decay = Math.exp(-elapsedMs / recentMs)
    this.#totalProcessingMs = this.#totalProcessingMs * decay + totalInFlight * elapsedMs
    for (const [group, ms] of this.#processingMs) {
      if (ms * decay < 1) this.#processingMs.delete(group)
      else this.#processingMs.set(group, ms * decay)
    }
    for (const [group, count] of inFlight)
      this.#processingMs.set(group, (this.#processingMs.get(group) ?? 0) + count * elapsedMs)
  }

  /** Returns the groups that are noisy now. */
  detect(load: GroupLoad, nowMs: number): ReadonlySet<string> {
    for (const group of new Set([...load.inFlight.keys(), ...this.#processingMs.keys()])) {
      if (!this.#suspectSinceMs.has(group) && this.#takesTooMuch(group, load)) this.#suspectSinceMs.set(group, nowMs)
    }
    for (const group of this.#suspectSinceMs.keys()) {
      const sentAtMs = load.latestWaitingSentAtMs(group)
      if (sentAtMs === undefined || nowMs - sentAtMs >= maxSilenceMs) this.#suspectSinceMs.delete(group)
    }
    const noisy = [...this.#suspectSinceMs].filter(([, sinceMs]) => nowMs - sinceMs >= this.#detectionDelayMs)
    return new Set(noisy.map(([group]) => group))
  }

  #takesTooMuch(group: string, { inFlight, totalInFlight }: GroupLoad): boolean {
    const count = inFlight.get(group) ?? 0
    if (count >= minInFlight && count > totalInFlight * maxQuietShare) return true
    return (this.#processingMs.get(group) ?? 0) > this.#totalProcessingMs * maxQuietShare
  }
}
