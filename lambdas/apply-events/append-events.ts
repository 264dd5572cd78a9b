import pMap from 'p-map'
import type { EventLog } from '../../core/ports/event-log.ts'
import type { Projection } from '../../core/projection/projection.ts'
import { isRecent } from '../../core/projection/recent-events.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { orderKey, precedes } from '../../core/state/order.ts'
import { asError } from '../as-error.ts'
import { type AppendResult, appendEvent } from './append-event.ts'

/**
 * The outcome of one event. `stale`: it came late and was applied at its place in the order. `too_late`: the log no longer has
 * the events around it. An Error: it must be retried.
 */
export type ApplyOutcome = 'applied' | 'stale' | 'duplicate' | 'quarantined' | 'too_late' | Error

export type AppendedEvents = {
  /** Events that the log did not have before, or has, but later than everything that the projection has applied. */
  readonly appended: readonly NorthboundEvent[]
  /**
   * Other duplicates that are not among the projection's recent events. A crash may have come between logging and projecting,
   * so only a rebuild shows whether they have been applied.
   */
  readonly unconfirmedDuplicates: readonly NorthboundEvent[]
  /** Events that have replaced another one of the same `trace_id` in the log, now or earlier, with the time in the log. */
  readonly replacements: readonly NorthboundEvent[]
  readonly outcomes: ReadonlyMap<NorthboundEvent, ApplyOutcome>
}

const appendConcurrency = 32

/** Logs the events of one aggregate. An event that fails does not affect the others. */
export async function appendEvents(
  log: EventLog,
  projection: Projection,
  events: readonly NorthboundEvent[],
  signal: AbortSignal,
): Promise<AppendedEvents> {
  const appended: NorthboundEvent[] = []
  const unconfirmedDuplicates: NorthboundEvent[] = []
  const replacements: NorthboundEvent[] = []
  const outcomes = new Map<NorthboundEvent, ApplyOutcome>()
  // Different events with one trace_id are logged one after another, so that the one that counts is logged first.
  const byTraceId = Map.groupBy(
    events.toSorted((a, b) => (precedes(a, b) ? -1 : 1)),
    (event) => event.trace_id,
  )
  await pMap(
    byTraceId.values(),
    async (group) => {
      for (const event of group) {
        if (isRecent(projection.recentEvents, event)) {
          outcomes.set(event, 'duplicate')
          continue
        }
        const result = await appendEvent(log, event, signal).catch(asError)
        outcomes.set(event, toOutcome(result))
        if (result instanceof Error) continue
        const logged = { ...event, received_at: result.countedAt }
        if (result.outcome === 'appended') appended.push(event)
        if (result.outcome === 'replaced') replacements.push(logged)
        if (result.outcome !== 'duplicate') continue
        if (orderKey(logged) > projection.watermark) appended.push(logged)
        else unconfirmedDuplicates.push(event)
      }
    },
    { concurrency: appendConcurrency },
  )
  return { appended, unconfirmedDuplicates, replacements, outcomes }
}

function toOutcome(result: AppendResult | Error): ApplyOutcome {
  if (result instanceof Error) return result
  if (result.outcome === 'appended') return 'applied'
  return result.outcome === 'replaced' ? 'stale' : result.outcome
}
