import TinyQueue from 'tinyqueue'

/** Work in simulated time. It yields ms to wait, or tasks that run in parallel and must end before it continues. */
export type Task<Result = void> = Generator<number | readonly Task[], Result, void>

/** A clock that jumps from one scheduled step to the next. */
export class SimulatedTime {
  #nowMs = Number.NEGATIVE_INFINITY
  readonly #steps = new TinyQueue<{ readonly atMs: number; readonly run: () => void }>([], (a, b) => a.atMs - b.atMs)

  get nowMs(): number {
    return this.#nowMs
  }

  schedule(atMs: number, run: () => void): void {
    this.#steps.push({ atMs, run })
  }

  /** Runs a task from now on. */
  start(task: Task, onEnd: () => void): void {
    const { done, value } = task.next()
    const resume = () => this.start(task, onEnd)
    if (done) onEnd()
    else if (typeof value === 'number') this.schedule(this.#nowMs + value, resume)
    else this.#startAll(value, resume)
  }

  #startAll(tasks: readonly Task[], onEnd: () => void): void {
    let running = tasks.length
    if (running === 0) onEnd()
    const end = () => {
      running--
      if (running === 0) onEnd()
    }
    for (const task of tasks) this.start(task, end)
  }

  /** Runs all steps, including those that are scheduled meanwhile. */
  run(): void {
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      this.#nowMs = step.atMs
      step.run()
    }
  }
}

/** Processes items in parallel, like `p-map`. */
export function* mapTasks<Item>(items: Iterable<Item>, concurrency: number, process: (item: Item) => Task): Task {
  const remaining = items[Symbol.iterator]()
  function* work(): Task {
    for (let next = remaining.next(); !next.done; next = remaining.next()) yield* process(next.value)
  }
  yield Array.from({ length: concurrency }, work)
}
