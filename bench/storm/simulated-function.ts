import type { SeededRandom } from '@northbound/avd-simulator'
import type { PartitionThrottle, PartitionUnits } from '@northbound/template-runner'
import type { ApplySettings, StormUsage } from './model.ts'
import type { SimulatedTime, Task } from './simulated-time.ts'

// The retries of the SDK in its standard mode: attempts, the first delay after throttling, and the cost of a retry.
const maxAttempts = 4
const sdkDelayMs = 1000
const maxRetryCapacity = 500
const retryCost = 5
// Those of `retryingDocumentClient` around it.
const minDelayMs = 100
const maxDelayMs = 2000
const delayFactor = 1.5
const maxRetryMs = 15_000

/** What all functions share. */
export type SimulatedAws = {
  readonly time: SimulatedTime
  readonly throttle: PartitionThrottle
  readonly random: SeededRandom
  readonly usage: StormUsage
}

/** An execution environment: its CPU, and its client with the retries that it can still afford. */
export class SimulatedFunction {
  readonly #aws: SimulatedAws
  readonly #settings: ApplySettings
  #cpuFreeAtMs = Number.NEGATIVE_INFINITY
  #retryCapacity = maxRetryCapacity

  constructor(aws: SimulatedAws, settings: ApplySettings) {
    this.#aws = aws
    this.#settings = settings
  }

  *request(): Task {
    const { time, usage } = this.#aws
    const { cpuMsPerRequest, requestMs } = this.#settings
    usage.requests++
    this.#cpuFreeAtMs = Math.max(this.#cpuFreeAtMs, time.nowMs) + cpuMsPerRequest
    yield this.#cpuFreeAtMs + requestMs - time.nowMs
  }

  /** Makes requests step by step, in each step so many at once. */
  *requestSteps(steps: readonly number[]): Task {
    for (const requests of steps) yield Array.from({ length: requests }, () => this.request())
  }

  /**
   * Writes an item; while it is throttled, the client tries again.
   *
   * @param plan the units that the write would use now.
   */
  *write(plan: () => readonly PartitionUnits[], deadlineMs: number): Task<'written' | 'gave_up'> {
    const { time, throttle, usage } = this.#aws
    const startedAtMs = time.nowMs
    let sdkRetries = 0
    let clientRetries = 0
    for (;;) {
      yield* this.request()
      const units = plan()
      if (throttle.admit(units, time.nowMs)) {
        for (const partition of units) usage.writeUnits += partition.units
        this.#retryCapacity = Math.min(maxRetryCapacity, this.#retryCapacity + (sdkRetries > 0 ? retryCost : 1))
        return 'written'
      }
      usage.throttledRequests++
      let delayMs: number
      if (sdkRetries < maxAttempts - 1 && this.#retryCapacity >= retryCost) {
        this.#retryCapacity -= retryCost
        delayMs = this.#aws.random.next() * sdkDelayMs * 2 ** sdkRetries++
      } else {
        if (time.nowMs - startedAtMs >= maxRetryMs) return 'gave_up'
        const longestMs = (1 + this.#aws.random.next()) * minDelayMs * delayFactor ** clientRetries++
        delayMs = Math.min(longestMs, maxDelayMs, maxRetryMs - (time.nowMs - startedAtMs))
        sdkRetries = 0
      }
      if (time.nowMs + delayMs >= deadlineMs) {
        yield Math.max(0, deadlineMs - time.nowMs)
        return 'gave_up'
      }
      yield delayMs
    }
  }
}
