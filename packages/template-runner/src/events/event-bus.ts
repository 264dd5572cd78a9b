import { randomUUID } from 'node:crypto'
import { accountId, region } from '../deployment-target.ts'
import type { FunctionPool } from '../functions/function-pool.ts'

/** An event as an AWS service describes it. */
export interface ServiceEvent {
  readonly source: string
  readonly detailType: string
  /** ARNs of what the event is about. */
  readonly resources: readonly string[]
  readonly detail: Readonly<Record<string, unknown>>
  /** Epoch milliseconds. */
  readonly atMs: number
}

type Target = Pick<FunctionPool, 'invokeAsynchronously'>

export interface EventRule {
  readonly matches: (event: unknown) => boolean
  readonly targets: readonly Target[]
}

/** Emulates the default event bus of EventBridge: invokes the targets of every rule that an event matches. */
export class EventBus {
  readonly #rules: EventRule[] = []
  readonly #invocations = new Set<Promise<unknown>>()
  #stopped = false

  add(rule: EventRule): void {
    this.#rules.push(rule)
  }

  put({ source, detailType, resources, detail, atMs }: ServiceEvent): void {
    if (this.#stopped) return
    const event = {
      version: '0',
      id: randomUUID(),
      'detail-type': detailType,
      source,
      account: accountId,
      time: `${new Date(atMs).toISOString().slice(0, 19)}Z`,
      region,
      resources,
      detail,
    }
    for (const { matches, targets } of this.#rules) {
      if (matches(event)) for (const pool of targets) this.#invoke(pool, event)
    }
  }

  /** Stops invoking functions. Resolves when all running invocations have ended. */
  async stop(): Promise<void> {
    this.#stopped = true
    await Promise.all(this.#invocations)
  }

  /** The function's pool reports invocations that fail. */
  #invoke(pool: Target, event: unknown): void {
    const invocation = pool.invokeAsynchronously(event).finally(() => this.#invocations.delete(invocation))
    this.#invocations.add(invocation)
  }
}
