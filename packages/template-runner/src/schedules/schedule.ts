import type { FunctionPool } from '../functions/function-pool.ts'

export interface ScheduleSettings {
  readonly arn: string
  readonly periodSeconds: number
  readonly pool: FunctionPool
  /** JSON text with EventBridge Scheduler's own placeholders like `<aws.scheduler.scheduled-time>`. */
  readonly input: string
}

/**
 * A schedule of EventBridge Scheduler: invokes its function once in each period, the first time after one.
 *
 * As in the account it does not wait for the invocation before, and one that fails is reported by its function.
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

  /** Invokes no more, and resolves when what it invoked has ended. */
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
    const invocation = pool.invoke(JSON.parse(text)).finally(() => this.#invocations.delete(invocation))
    this.#invocations.add(invocation)
  }
}

const unitSeconds: Readonly<Record<string, number>> = { minute: 60, hour: 3600, day: 86_400 }

/** The period of a `rate(…)` in seconds; undefined for any other expression. */
export function readRate(expression: string): number | undefined {
  const [, value, unit = ''] = /^rate\(([1-9]\d*) (minute|hour|day)s?\)$/.exec(expression) ?? []
  const seconds = unitSeconds[unit]
  return value === undefined || seconds === undefined ? undefined : Number(value) * seconds
}
