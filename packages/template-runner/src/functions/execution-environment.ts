import { randomUUID } from 'node:crypto'
import { Worker } from 'node:worker_threads'
import { forwardLines } from './forward-lines.ts'
import { createFailure, type InvocationError, type InvocationResult, toInvocationError } from './invocation-result.ts'
import type { FreezeMessage, InvocationMessage, WorkerMessage, WorkerSetup } from './worker-messages.ts'

/** Lambda's limit for loading the function's module. */
const initTimeoutMs = 10_000
/** V8 needs about this much heap before it has loaded any of the function's data. */
const minHeapMegabytes = 192

/** Lets a worker share the compile cache of this process, so that a cold start costs less CPU time. The worker hides it from the function. */
function compileCacheVariables(): Readonly<Record<string, string>> {
  const { NODE_COMPILE_CACHE } = process.env
  return NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE }
}

export interface EnvironmentSettings {
  readonly setup: WorkerSetup
  /** The function's complete `process.env`. */
  readonly variables: Readonly<Record<string, string>>
  readonly memoryMegabytes: number
  readonly onLine: (line: string, stream: 'stdout' | 'stderr') => void
  /** Receives the CloudWatch metrics `Invocations`, `Errors`, `Throttles`, `AsyncEventsDropped` and `Duration` (ms). */
  readonly onMetric: (name: string, value: number) => void
}

/** One instance of a function, isolated in its own worker thread. It runs one invocation at a time. */
export class ExecutionEnvironment {
  /** Its calls of AWS carry it, which tells the environments of a function apart. */
  readonly sessionToken = randomUUID()
  readonly #worker: Worker
  readonly #initFailure: Promise<InvocationResult | undefined>
  readonly #onLine: EnvironmentSettings['onLine']
  readonly #onMetric: EnvironmentSettings['onMetric']
  #settle: ((message: WorkerMessage) => void) | undefined
  readonly #thawed: Int32Array | undefined
  #ended = false

  /** @param startsFrozen whether nothing happens between loading the module and the first invocation. */
  constructor(
    { setup, variables, memoryMegabytes, onLine, onMetric }: EnvironmentSettings,
    { startsFrozen }: { readonly startsFrozen: boolean },
  ) {
    this.#thawed = startsFrozen ? new Int32Array(new SharedArrayBuffer(4)) : undefined
    this.#onLine = onLine
    this.#onMetric = onMetric
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: { ...setup, thawed: this.#thawed } satisfies WorkerSetup,
      env: { ...compileCacheVariables(), ...variables, AWS_SESSION_TOKEN: this.sessionToken },
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: Math.max(memoryMegabytes, minHeapMegabytes) },
    })
    this.#worker.on('message', (message: WorkerMessage) => this.#settle?.(message))
    this.#worker.on('error', (thrown: unknown) => this.#end(toInvocationError(thrown)))
    this.#worker.on('exit', (code) =>
      this.#end({ errorType: 'Runtime.ExitError', errorMessage: `Runtime exited with code ${code}` }),
    )
    forwardLines(this.#worker.stdout, (line) => onLine(line, 'stdout'))
    forwardLines(this.#worker.stderr, (line) => onLine(line, 'stderr'))
    this.#initFailure = this.#initialize()
  }

  /** False once the worker has ended: the environment accepts no further invocation. */
  get alive(): boolean {
    return !this.#ended
  }

  async invoke(message: InvocationMessage, timeoutSeconds: number): Promise<InvocationResult> {
    const initFailure = await this.#initFailure
    if (initFailure) return initFailure
    if (this.#ended) return createFailure('Runtime.ExitError', 'The execution environment has ended')
    // The timeout does not include loading the module.
    const deadlineMs = Date.now() + timeoutSeconds * 1000
    const reply = this.#nextMessage(timeoutSeconds * 1000, () => ({
      errorType: 'Sandbox.Timedout',
      errorMessage: `${message.context.awsRequestId} Task timed out after ${timeoutSeconds.toFixed(2)} seconds`,
    }))
    const startedAt = performance.now()
    this.#thaw()
    this.#worker.postMessage({ ...message, deadlineMs })
    const result = await reply
    this.#onMetric('Duration', performance.now() - startedAt)
    return result.kind === 'ready' ? createFailure('Runtime.ExitError', 'The runtime started twice') : result
  }

  #thaw(): void {
    if (!this.#thawed) return
    Atomics.store(this.#thawed, 0, 1)
    Atomics.notify(this.#thawed, 0)
  }

  /** Ends the environment in the middle of whatever it does, as a crash of its host would. */
  async kill(): Promise<void> {
    this.#end({ errorType: 'Runtime.ExitError', errorMessage: 'The execution environment was killed' })
    await this.#worker.terminate()
  }

  /** Lets the environment stand still for some milliseconds, as soon as it waits for something. */
  freeze(ms: number): void {
    this.#worker.postMessage({ freezeMs: ms } satisfies FreezeMessage)
  }

  async terminate(): Promise<void> {
    this.#ended = true
    await this.#worker.terminate()
  }

  /** @returns the failure, if the function's module does not load. */
  async #initialize(): Promise<InvocationResult | undefined> {
    const message = await this.#nextMessage(initTimeoutMs, () => ({
      errorType: 'Runtime.InitTimedout',
      errorMessage: `The module did not load within ${initTimeoutMs / 1000} seconds`,
    }))
    if (message.kind === 'ready') return undefined
    await this.terminate()
    return message
  }

  /** Resolves with the worker's next message, or with a failure if the worker ends or the timeout expires first. */
  #nextMessage(timeoutMs: number, timeoutError: () => InvocationError): Promise<WorkerMessage> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        void this.terminate()
        this.#settle?.({ kind: 'failed', error: timeoutError() })
      }, timeoutMs)
      this.#settle = (message) => {
        clearTimeout(timer)
        this.#settle = undefined
        resolve(message)
      }
    })
  }

  #end(error: InvocationError): void {
    // Between invocations the error has no result to appear in, so it is logged.
    if (!this.#ended && !this.#settle) this.#onLine(`${error.errorType}: ${error.errorMessage}`, 'stderr')
    this.#ended = true
    this.#settle?.({ kind: 'failed', error })
  }
}
