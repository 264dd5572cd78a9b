import type { FunctionPool } from '../functions/function-pool.ts'

interface ScheduleSettings {
  readonly arn: string
  readonly periodSeconds: number
  readonly pool: FunctionPool
  /** JSON text, which may contain EventBridge Scheduler's placeholders such as `<aws.scheduler.scheduled-time>`. */
  readonly input: string
}

/**
 * Emulates an EventBridge Scheduler schedule: invokes its function once per period, for the first time after one period.
 *
 * Invocations may overlap. The function's pool reports invocations that fail.
 */
export class Schedule {
  readonly #settings: ScheduleSettings
  readonly #invocations = new Set<Promise<unknown>>()
  #timer: NodeJS.Timeout | undefined

  constructor(settings: ScheduleSettings) {
    this.#settings = settings
  }

  start(): void {
    this.#timer = setInterval(() => this.#invoke(), this.#settings.periodSeconds * 1000)
  }

  /** Stops the timer. Resolves when all running invocations have ended. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await Promise.all(this.#invocations)
  }

  #invoke(): void {
    const { pool, input, arn } = this.#settings
    const context: Readonly<Record<string, string>> = {
      'schedule-arn': arn,
      'scheduled-time': `${new Date().toISOString().slice(0, 19)}Z`,
      'execution-id': crypto.randomUUID(),
      'attempt-number': '1',
    }
    const text = input.replace(/<aws\.scheduler\.([a-z-]+)>/g, (whole, name: string) => context[name] ?? whole)
    const invocation = pool.invokeAsynchronously(JSON.parse(text)).finally(() => this.#invocations.delete(invocation))
    this.#invocations.add(invocation)
  }
}

const unitSeconds: Readonly<Record<string, number>> = { minute: 60, hour: 3600, day: 86_400 }

/** Returns the period of a `rate(…)` expression in seconds, or undefined for any other expression. */
export function readRate(expression: string): number | undefined {
  const [, value, unit = ''] = /^rate\(([1-9]\d*) (minute|hour|day)s?\)$/.exec(expression) ?? []
  const seconds = unitSeconds[unit]
  return value === undefined || seconds === undefined ? undefined : Number(value) * seconds
}
