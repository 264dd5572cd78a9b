import type { School, ScriptedEvent } from '@northbound/avd-simulator'
import pMap from 'p-map'
import { dynamodbEventLog } from '../../adapters/dynamodb/event-log.ts'
import { dynamodbOpenWarningRecorder } from '../../adapters/dynamodb/open-warnings.ts'
import { dynamodbProjectionStore } from '../../adapters/dynamodb/projection-store.ts'
import { parseEnvelope } from '../../core/protocol/decode-envelope.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { isQuiet } from '../../core/state/warning-episode.ts'
import { applyBatch } from '../../lambdas/apply-events/apply-batch.ts'
import type { PublishDependencies } from '../../lambdas/apply-events/dependencies.ts'
import { publishApplied } from '../../lambdas/apply-events/publish.ts'
import type { HistoryTables } from './history-tables.ts'

class HistoryError extends Error {
  override name = 'HistoryError'

  constructor(reason: string | undefined) {
    super(`an event of the history cannot be applied: ${reason}`)
  }
}

const maxBatchEvents = 600
const batchConcurrency = 2
const maxFruitlessAttempts = 3
/** No invocation ends here. */
const deadline = { remainingMs: () => Number.POSITIVE_INFINITY }

/**
 * Applies the events with the product's own code, room by room, as if each batch had been received at its time. Nothing is published:
 * the alerts and room events of the past have long been read.
 *
 * @param reportProgress called with the number of events that have been applied.
 * @throws Error if an event cannot be applied, or the signal's reason.
 */
export async function applyHistory(
  tables: HistoryTables,
  { events, endAt }: School,
  { signal, reportProgress }: { readonly signal: AbortSignal; readonly reportProgress: (applied: number) => void },
): Promise<void> {
  const streams = Map.groupBy(events, ({ parameters }) => parameters.room_id ?? parameters.box_code ?? '')
  let applied = 0
  const applyStream = async (stream: readonly ScriptedEvent[]) => {
    for (let start = 0; start < stream.length; start += maxBatchEvents) {
      signal.throwIfAborted()
      const batch = stream.slice(start, start + maxBatchEvents).map(toEvent)
      await applyUntilDone(createDependencies(tables, batch.at(-1)?.received_at ?? endAt, endAt), batch)
      applied += batch.length
      reportProgress(applied)
    }
  }
  await pMap(streams.values(), applyStream, { concurrency: batchConcurrency })
}

function toEvent({ receivedAt, source, parameters }: ScriptedEvent): NorthboundEvent {
  const envelope = { trace_id: parameters.trace_id, received_at: receivedAt, source, params: parameters }
  const event = parseEnvelope(envelope)
  if (typeof event === 'string') throw new Error(`the simulated event cannot be applied: ${event}`)
  return event
}

/** @param now ms since 1970: when the batch is applied. */
function createDependencies(tables: HistoryTables, now: number, endAt: number): PublishDependencies {
  const { client, retentionDays, alertWindowMs, timeZone } = tables
  const openWarnings = dynamodbOpenWarningRecorder(client, tables.state)
  return {
    log: dynamodbEventLog({ client, tableName: tables.eventLog, retentionDays }),
    store: dynamodbProjectionStore({ client, tableName: tables.state, retentionDays }),
    rules: { alertWindowMs, retentionDays, timeZone },
    now: () => now,
    alerts: { publish: async () => {} },
    roomEvents: { publish: async () => new Map() },
    openWarnings: {
      // The others have had their all-clear.
      async record(subject, at, signal) {
        if (!isQuiet(at, endAt, { alertWindowMs })) await openWarnings.record(subject, at, signal)
      },
    },
  }
}

const isError = (outcome: unknown) => outcome instanceof Error

/** A busy machine may not apply a batch in the time that an invocation has, so it is repeated as long as that helps. */
async function applyUntilDone(dependencies: PublishDependencies, events: readonly NorthboundEvent[]): Promise<void> {
  let pending = events
  for (let fruitless = 0; pending.length > 0; ) {
    const result = await applyBatch(dependencies, pending, deadline)
    await publishApplied(dependencies, result, deadline)
    const failed = pending.filter((event) => isError(result.outcomes.get(event)))
    fruitless = failed.length < pending.length ? 0 : fruitless + 1
    if (fruitless === maxFruitlessAttempts) throw new HistoryError(result.outcomes.values().find(isError)?.message)
    pending = failed
  }
}
