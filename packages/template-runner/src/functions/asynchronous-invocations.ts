import type { InvocationResult } from './invocation-result.ts'

/** Lambda waits so long before the first and before the second retry. */
const lambdaRetryDelaysMs = [60_000, 120_000]

/** Runs the function. The result is a failure if it could not start within `maxWaitMs`. */
type Invoke = (event: unknown, maxWaitMs: number) => Promise<InvocationResult>

/** Invokes a function as SNS and EventBridge do: failed invocations are retried later, and dropped in the end. */
export class AsynchronousInvocations {
  /** Older events are dropped. Lambda's default is six hours. */
  maxEventAgeMs = 21_600_000
  /** Lambda's default, and its maximum. */
  maxRetries = 2
  readonly #invoke: Invoke
  readonly #onDropped: () => void
  readonly #retryDelaysMs: readonly number[]
  readonly #timers = new Set<NodeJS.Timeout>()
  #stopped = false

  constructor(invoke: Invoke, onDropped: () => void, retryDelaysMs: readonly number[] = lambdaRetryDelaysMs) {
    this.#invoke = invoke
    this.#onDropped = onDropped
    this.#retryDelaysMs = retryDelaysMs
  }

  /** @returns the result of the first attempt. */
  invoke(event: unknown): Promise<InvocationResult> {
    return this.#attempt(event, 0, performance.now() + this.maxEventAgeMs)
  }

  /** Gives up all retries. */
  stop(): void {
    this.#stopped = true
    for (const timer of this.#timers) clearTimeout(timer)
  }

  async #attempt(event: unknown, retries: number, expiresAtMs: number): Promise<InvocationResult> {
    const result = await this.#invoke(event, expiresAtMs - performance.now())
    if (result.kind === 'failed' && !this.#stopped) this.#retry(event, retries, expiresAtMs)
    return result
  }

  #retry(event: unknown, retries: number, expiresAtMs: number): void {
    const delayMs = retries < this.maxRetries ? this.#retryDelaysMs[retries] : undefined
    if (delayMs === undefined || performance.now() + delayMs > expiresAtMs) {
      this.#onDropped()
      return
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      void this.#attempt(event, retries + 1, expiresAtMs)
    }, delayMs).unref()
    this.#timers.add(timer)
  }
}
