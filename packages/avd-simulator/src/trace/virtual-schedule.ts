interface ScheduledAction {
  readonly at: number
  readonly serial: number
  readonly run: () => void
}

/** Runs actions in virtual time: by time and, at the same time, in the order in which they were scheduled. */
export class VirtualSchedule {
  /** A binary heap: each action comes before the two actions at twice its position plus one and two. */
  readonly #heap: ScheduledAction[] = []
  #serial = 0
  #now: number

  /** @param startAt ms since 1970 */
  constructor(startAt: number) {
    this.#now = startAt
  }

  /** The time of the current action, in ms since 1970. */
  get now(): number {
    return this.#now
  }

  /** @param at ms since 1970, rounded; a time in the past means now. */
  at(at: number, run: () => void): void {
    const action = { at: Math.max(this.#now, Math.round(at)), serial: this.#serial++, run }
    this.#siftUp(action)
  }

  after(delayMs: number, run: () => void): void {
    this.at(this.#now + delayMs, run)
  }

  /** Runs all actions before `endAt` (ms since 1970), including those that they schedule. */
  runUntil(endAt: number): void {
    for (let next = this.#heap[0]; next !== undefined && next.at < endAt; next = this.#heap[0]) {
      this.#removeFirst()
      this.#now = next.at
      next.run()
    }
    this.#now = endAt
  }

  #siftUp(action: ScheduledAction): void {
    let position = this.#heap.push(action) - 1
    while (position > 0) {
      const parentPosition = (position - 1) >> 1
      const parent = this.#heap[parentPosition]
      if (parent === undefined || comesBefore(parent, action)) break
      this.#heap[position] = parent
      position = parentPosition
    }
    this.#heap[position] = action
  }

  #removeFirst(): void {
    const last = this.#heap.pop()
    if (last === undefined || this.#heap.length === 0) return
    let position = 0
    for (;;) {
      const left = this.#heap[2 * position + 1]
      const right = this.#heap[2 * position + 2]
      const child = right !== undefined && left !== undefined && comesBefore(right, left) ? right : left
      if (child === undefined || comesBefore(last, child)) break
      this.#heap[position] = child
      position = child === right ? 2 * position + 2 : 2 * position + 1
    }
    this.#heap[position] = last
  }
}

function comesBefore(one: ScheduledAction, other: ScheduledAction): boolean {
  return one.at < other.at || (one.at === other.at && one.serial < other.serial)
}
