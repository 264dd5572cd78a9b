import { Worker } from 'node:worker_threads'
import type { InvocationError, InvocationMessage, InvocationResult, WorkerMessage, WorkerSetup } from './messages.ts'

/** Lambda gives a function's own module this long to load. */
const initMilliseconds = 10_000

export interface EnvironmentSettings {
  readonly setup: WorkerSetup
  /** The whole of `process.env` inside. */
  readonly variables: Readonly<Record<string, string>>
  readonly memoryMegabytes: number
  readonly onLine: (line: string, stream: 'stdout' | 'stderr') => void
  /** Hears of a figure of CloudWatch's: `Invocations`, `Errors`, `Throttles`, or `Duration` in ms. */
  readonly onMetric: (name: string, value: number) => void
}

/**
 * One copy of a function in a worker of its own. It runs one invocation at a time, and what kills it
 * kills nothing else.
 */
export class ExecutionEnvironment {
  readonly #worker: Worker
  readonly #ready: Promise<InvocationResult | undefined>
  readonly #onLine: EnvironmentSettings['onLine']
  readonly #onMetric: EnvironmentSettings['onMetric']
  #settle: ((message: WorkerMessage) => void) | undefined
  #dead = false

  constructor({ setup, variables, memoryMegabytes, onLine, onMetric }: EnvironmentSettings) {
    this.#onLine = onLine
    this.#onMetric = onMetric
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: setup,
      env: { ...variables },
      execArgv: [],
      stdout: true,
      stderr: true,
      // V8 itself needs about this much before the function's own data counts.
      resourceLimits: { maxOldGenerationSizeMb: Math.max(memoryMegabytes, 192) },
    })
    this.#worker.on('message', (message: WorkerMessage) => this.#settle?.(message))
    this.#worker.on('error', (thrown: unknown) => this.#die(describe(thrown)))
    this.#worker.on('exit', (code) =>
      this.#die({ errorType: 'Runtime.ExitError', errorMessage: `Runtime exited with code ${code}` }),
    )
    forwardLines(this.#worker.stdout, (line) => onLine(line, 'stdout'))
    forwardLines(this.#worker.stderr, (line) => onLine(line, 'stderr'))
    this.#ready = this.#start()
  }

  /** False once its worker has ended: it can take no further invocation. */
  get alive(): boolean {
    return !this.#dead
  }

  async invoke(message: InvocationMessage, timeoutSeconds: number): Promise<InvocationResult> {
    const failure = await this.#ready
    if (failure) return failure
    if (this.#dead) return failed('Runtime.ExitError', 'The execution environment has ended')
    // The clock of the function starts when it is called, not while its module loads.
    const deadline = Date.now() + timeoutSeconds * 1000
    const outcome = this.#next(timeoutSeconds * 1000, () => ({
      errorType: 'Sandbox.Timedout',
      errorMessage: `${message.context.awsRequestId} Task timed out after ${timeoutSeconds.toFixed(2)} seconds`,
    }))
    const began = performance.now()
    this.#worker.postMessage({ ...message, deadline })
    const settled = await outcome
    this.#onMetric('Duration', performance.now() - began)
    return settled.kind === 'ready' ? failed('Runtime.ExitError', 'The runtime started twice') : settled
  }

  async terminate(): Promise<void> {
    this.#dead = true
    await this.#worker.terminate()
  }

  /** @returns the failure, where the function's module does not load. */
  async #start(): Promise<InvocationResult | undefined> {
    const message = await this.#next(initMilliseconds, () => ({
      errorType: 'Runtime.InitTimedout',
      errorMessage: `The module did not load within ${initMilliseconds / 1000} seconds`,
    }))
    if (message.kind === 'ready') return undefined
    await this.terminate()
    return message
  }

  /** The worker's next message, or its death, or the lapse of the time. */
  #next(milliseconds: number, late: () => InvocationError): Promise<WorkerMessage> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        void this.terminate()
        this.#settle?.({ kind: 'failed', error: late() })
      }, milliseconds)
      this.#settle = (message) => {
        clearTimeout(timer)
        this.#settle = undefined
        resolve(message)
      }
    })
  }

  #die(error: InvocationError): void {
    // With no invocation to fail, nobody else would say it.
    if (!this.#dead && !this.#settle) this.#onLine(`${error.errorType}: ${error.errorMessage}`, 'stderr')
    this.#dead = true
    this.#settle?.({ kind: 'failed', error })
  }
}

function describe(thrown: unknown): InvocationError {
  if (!(thrown instanceof Error)) return { errorType: typeof thrown, errorMessage: String(thrown) }
  return { errorType: thrown.name, errorMessage: thrown.message, ...(thrown.stack && { stack: thrown.stack }) }
}

function failed(errorType: string, errorMessage: string): InvocationResult {
  return { kind: 'failed', error: { errorType, errorMessage } }
}

function forwardLines(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line !== '') onLine(line)
  })
  stream.on('end', () => {
    if (rest !== '') onLine(rest)
  })
}
