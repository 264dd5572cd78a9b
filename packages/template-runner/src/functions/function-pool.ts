import { randomUUID } from 'node:crypto'
import { type EnvironmentSettings, ExecutionEnvironment } from './execution-environment.ts'
import type { InvocationError, InvocationResult } from './messages.ts'

/** More copies than this only take turns on the cores of one machine. */
const localConcurrency = 4

/** Lambda refuses a longer answer of a synchronous call. */
const longestPayload = 6_291_556

export interface FunctionSettings extends EnvironmentSettings {
  /** Construct path. */
  readonly path: string
  readonly name: string
  readonly arn: string
  readonly logGroupName: string
  readonly timeoutSeconds: number
  readonly reservedConcurrency: number | undefined
  readonly onFailure: (error: InvocationError) => void
}

/** A function: as many execution environments as are needed at once, the idle ones used again. */
export class FunctionPool {
  readonly settings: FunctionSettings
  readonly #idle: ExecutionEnvironment[] = []
  readonly #all = new Set<ExecutionEnvironment>()
  readonly #waiting: (() => void)[] = []
  readonly #limit: number
  #running = 0
  #stopped = false

  constructor(settings: FunctionSettings) {
    this.settings = settings
    this.#limit = Math.min(settings.reservedConcurrency ?? localConcurrency, localConcurrency)
  }

  /** Invocations under way or waiting for an environment. */
  get busy(): number {
    return this.#running + this.#waiting.length
  }

  /** @param event anything that JSON can hold. */
  async invoke(event: unknown): Promise<InvocationResult> {
    if (this.#limit === 0) {
      this.settings.onMetric('Throttles', 1)
      return this.#report(failure('TooManyRequestsException', 'Reserved concurrency is 0'))
    }
    while (this.#running >= this.#limit) await new Promise<void>((resume) => this.#waiting.push(resume))
    this.#running += 1
    try {
      if (this.#stopped) return failure('Runtime.ExitError', 'The local runner is stopping')
      const outcome = this.#report(await this.#invokeIn(this.#take(), event))
      this.settings.onMetric('Invocations', 1)
      this.settings.onMetric('Errors', outcome.kind === 'failed' ? 1 : 0)
      return outcome
    } finally {
      this.#running -= 1
      this.#waiting.shift()?.()
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await Promise.all([...this.#all].map((environment) => environment.terminate()))
  }

  #take(): ExecutionEnvironment {
    for (let idle = this.#idle.pop(); idle; idle = this.#idle.pop()) {
      if (idle.alive) return idle
      this.#all.delete(idle)
    }
    const started = new ExecutionEnvironment(this.settings)
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
    const outcome = await environment.invoke({ event: JSON.stringify(event), context, deadline: 0 }, timeoutSeconds)
    if (environment.alive) this.#idle.push(environment)
    else this.#all.delete(environment)
    if (outcome.kind === 'failed' || outcome.payload.length <= longestPayload) return outcome
    return failure(
      'Function.ResponseSizeTooLarge',
      `Response payload size (${outcome.payload.length} bytes) exceeded maximum allowed payload size (6291556 bytes).`,
    )
  }

  #report(outcome: InvocationResult): InvocationResult {
    if (outcome.kind === 'failed') this.settings.onFailure(outcome.error)
    return outcome
  }
}

function failure(errorType: string, errorMessage: string): InvocationResult {
  return { kind: 'failed', error: { errorType, errorMessage } }
}
