import { randomUUID } from 'node:crypto'
import { AsynchronousInvocations } from './asynchronous-invocations.ts'
import { type EnvironmentSettings, ExecutionEnvironment } from './execution-environment.ts'
import { createFailure, type InvocationError, type InvocationResult, type Throttled } from './invocation-result.ts'

/** More environments would only compete for the cores of one machine. */
const maxConcurrency = 4

/** Lambda's limit for the response of a synchronous invocation. */
const maxPayloadBytes = 6_291_556

export interface FunctionSettings extends EnvironmentSettings {
  /** Construct path. */
  readonly path: string
  readonly name: string
  readonly arn: string
  readonly logGroupName: string
  readonly timeoutSeconds: number
  readonly reservedConcurrency: number | undefined
  readonly onFailure: (error: InvocationError) => void
  /** Waits before the retries of an asynchronous invocation, in milliseconds. Default: those of Lambda. */
  readonly asyncRetryDelaysMs?: readonly number[]
}

/** A function: starts execution environments on demand, up to a limit, and reuses idle ones. */
export class FunctionPool {
  readonly settings: FunctionSettings
  readonly #idle: ExecutionEnvironment[] = []
  readonly #all = new Set<ExecutionEnvironment>()
  /** Environments that end after their current invocation. */
  readonly #outdated = new WeakSet<ExecutionEnvironment>()
  readonly #waiting: (() => void)[] = []
  readonly #maxConcurrency: number
  readonly asynchronous: AsynchronousInvocations
  /** How wrong the function's clock is, in milliseconds. */
  clockOffsetMs = 0
  #running = 0
  #stopped = false

  constructor(settings: FunctionSettings) {
    this.settings = settings
    this.asynchronous = new AsynchronousInvocations(
      (event, maxWaitMs) => this.#invokeInTime(event, maxWaitMs),
      () => settings.onMetric('AsyncEventsDropped', 1),
      settings.asyncRetryDelaysMs,
    )
    this.#maxConcurrency = Math.min(settings.reservedConcurrency ?? maxConcurrency, maxConcurrency)
  }

  /** The number of invocations that are running or waiting for an environment. */
  get activeInvocations(): number {
    return this.#running + this.#waiting.length
  }

  /**
   * Invokes the function as API Gateway and the Invoke API do: at once or not at all.
   *
   * @param event any JSON value.
   */
  async invoke(event: unknown): Promise<InvocationResult | Throttled> {
    const { reservedConcurrency = Number.POSITIVE_INFINITY } = this.settings
    if (this.activeInvocations >= reservedConcurrency) return this.#throttle()
    return this.#invokeInTime(event, Number.POSITIVE_INFINITY)
  }

  /** Invokes the function as an event source mapping does, which repeats throttled invocations. @param event any JSON value. */
  async invokeInTurn(event: unknown): Promise<InvocationResult | Throttled> {
    return this.#maxConcurrency === 0 ? this.#throttle() : this.#invokeInTime(event, Number.POSITIVE_INFINITY)
  }

  /**
   * Invokes the function as SNS and EventBridge do, and retries it later if it fails.
   *
   * @param event any JSON value.
   * @returns the result of the first attempt.
   */
  async invokeAsynchronously(event: unknown): Promise<InvocationResult | Throttled> {
    return this.#maxConcurrency === 0 ? this.#throttle() : this.asynchronous.invoke(event)
  }

  #throttle(): Throttled {
    const { reservedConcurrency, onMetric, onFailure } = this.settings
    const error = {
      errorType: 'TooManyRequestsException',
      errorMessage: `Rate Exceeded: the reserved concurrency of ${reservedConcurrency} is used up`,
    }
    onMetric('Throttles', 1)
    onFailure(error)
    return { kind: 'throttled', error }
  }

  async #invokeInTime(event: unknown, maxWaitMs: number): Promise<InvocationResult> {
    const startedAt = performance.now()
    while (this.#running >= this.#maxConcurrency) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#running += 1
    try {
      if (performance.now() - startedAt > maxWaitMs)
        return this.#report(createFailure('EventAgeExceeded', 'The event waited longer than the maximum event age'))
      if (this.#stopped) return createFailure('Runtime.ExitError', 'The local runner is stopping')
      const result = this.#report(await this.#invokeIn(this.#acquire(), event))
      this.settings.onMetric('Invocations', 1)
      this.settings.onMetric('Errors', result.kind === 'failed' ? 1 : 0)
      return result
    } finally {
      this.#running -= 1
      this.#waiting.shift()?.()
    }
  }

  /** Starts environments that Lambda keeps initialized, and frozen until their first invocation. */
  provision(environments: number): void {
    for (let count = 0; count < Math.min(environments, this.#maxConcurrency); count++)
      this.#idle.push(this.#start({ startsFrozen: true }))
  }

  /** Ends all environments, as Lambda does now and then: idle ones at once, the others after their current invocation. */
  async recycle(): Promise<void> {
    for (const environment of this.#all) this.#outdated.add(environment)
    const idle = this.#idle.splice(0)
    for (const environment of idle) this.#all.delete(environment)
    await Promise.all(idle.map((environment) => environment.terminate()))
  }

  /** Finds the environment with this session token, if it is one of this function. */
  findEnvironment(sessionToken: string): ExecutionEnvironment | undefined {
    return this.#all.values().find((environment) => environment.sessionToken === sessionToken)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.asynchronous.stop()
    await Promise.all([...this.#all].map((environment) => environment.terminate()))
  }

  #acquire(): ExecutionEnvironment {
    for (let idle = this.#idle.pop(); idle; idle = this.#idle.pop()) {
      if (idle.alive) return idle
      this.#all.delete(idle)
    }
    return this.#start({ startsFrozen: false })
  }

  #start(options: { readonly startsFrozen: boolean }): ExecutionEnvironment {
    const started = new ExecutionEnvironment(this.settings, options)
    this.#all.add(started)
    return started
  }

  async #invokeIn(environment: ExecutionEnvironment, event: unknown): Promise<InvocationResult> {
    const { name, arn, logGroupName, memoryMegabytes, timeoutSeconds } = this.settings
    const context = {
      awsRequestId: randomUUID(),
      functionName: name,
      functionVersion: '$LATEST',
      invokedFunctionArn: arn,
      memoryLimitInMB: String(memoryMegabytes),
      logGroupName,
      logStreamName: 'local',
    }
    const { clockOffsetMs } = this
    const message = { event: JSON.stringify(event), context, deadlineMs: 0, clockOffsetMs }
    const result = await environment.invoke(message, timeoutSeconds)
    if (this.#outdated.has(environment)) await environment.terminate()
    if (environment.alive) this.#idle.push(environment)
    else this.#all.delete(environment)
    const payloadBytes = result.kind === 'failed' ? 0 : Buffer.byteLength(result.payload)
    if (payloadBytes <= maxPayloadBytes) return result
    return createFailure(
      'Function.ResponseSizeTooLarge',
      `Response payload size (${payloadBytes} bytes) exceeded maximum allowed payload size (${maxPayloadBytes} bytes).`,
    )
  }

  #report(result: InvocationResult): InvocationResult {
    if (result.kind === 'failed') this.settings.onFailure(result.error)
    return result
  }
}
