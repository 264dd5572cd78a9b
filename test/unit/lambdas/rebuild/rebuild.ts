import { Logger } from '@aws-lambda-powertools/logger'
import type { Context } from 'aws-lambda'
import { vi } from 'vitest'
import { memoryEventLog } from '../../../../adapters/memory/event-log.ts'
import { memoryProjectionStore } from '../../../../adapters/memory/projection-store.ts'
import type { EventLog } from '../../../../core/ports/event-log.ts'
import { emptyProjection, type Projection } from '../../../../core/projection/projection.ts'
import type { Command } from '../../../../core/protocol/command.ts'
import type { NorthboundEvent } from '../../../../core/protocol/events.ts'
import type { StatefulAggregateId } from '../../../../core/state/aggregate.ts'
import { createHandler } from '../../../../lambdas/rebuild/handler.ts'
import { applyUntilDone, rebuildUntilDone, rules } from '../../../support/apply.ts'

type Options = {
  /** ms that the invocation has. */
  readonly remainingMs?: number
  /** Happens between two looks at a difference. */
  readonly meanwhile?: () => Promise<void>
  /** Replaces how the function reads the log. */
  readonly visit?: (log: EventLog) => EventLog['visit']
}

/** Creates the function over stores in memory. */
export function setUp(options: Options = {}) {
  const log = memoryEventLog()
  const store = memoryProjectionStore()
  const dependencies = { log, store, rules, now: () => 0 }
  const commands: Command[] = []
  const logger = new Logger({ logLevel: 'SILENT' })
  const info = vi.spyOn(logger, 'info')
  let waits = 0
  const handler = createHandler({
    ...dependencies,
    log: { ...log, visit: options.visit?.(log) ?? log.visit },
    aggregates: log,
    commands: { sendAll: async (sent) => void commands.push(...sent) },
    wait: async () => {
      waits += 1
      await options.meanwhile?.()
    },
    logger,
  })
  const context = { getRemainingTimeInMillis: () => options.remainingMs ?? 55_000 } as Context
  return {
    log,
    store,
    commands,
    info,
    waits: () => waits,
    invoke: (request: unknown) => handler(request, context),
    apply: (...events: NorthboundEvent[]) => applyUntilDone(dependencies, events),
    /** Executes the commands, as apply-events does. */
    execute: () =>
      rebuildUntilDone(
        dependencies,
        commands.splice(0).map(({ aggregate }) => aggregate),
      ),
    /** Changes a stored projection without a trace. */
    async damage(aggregate: StatefulAggregateId, change: Partial<Projection>) {
      const [stored = emptyProjection(aggregate)] = await store.read([aggregate])
      await store.write({ ...stored, ...change })
    },
  }
}
