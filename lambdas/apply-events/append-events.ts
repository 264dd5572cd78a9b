import pMap from 'p-map'
import type { EventLog } from '../../core/ports/event-log.ts'
import type { Projection } from '../../core/projection/projection.ts'
import { fingerprint, isRecent } from '../../core/projection/recent-events.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { orderKey } from '../../core/state/order.ts'
import { asError } from '../as-error.ts'

/**
 * The outcome of one event. `stale`: it came late and was applied at its place in the order. `too_late`: the log no longer has
 * the events around it. An Error: it must be retried.
 */
export type ApplyOutcome = 'applied' | 'stale' | 'duplicate' | 'quarantined' | 'too_late' | Error

export type AppendResult = {
  /** Events that the log did not have before, or has, but later than everything that the projection has applied. */
  readonly appended: readonly NorthboundEvent[]
  /**
   * Other duplicates that are not among the projection's recent events. A crash may have come between logging and projecting,
   * so only a rebuild shows whether they have been applied.
   */
  readonly unconfirmedDuplicates: readonly NorthboundEvent[]
  readonly outcomes: ReadonlyMap<NorthboundEvent, ApplyOutcome>
}

const appendConcurrency = 32
/** Characters kept of an event that is too large for the log. */
const maxQuarantinedBodyLength = 50_000

/** Logs the events of one aggregate. An event that fails does not affect the others. */
export async function appendEvents(
  log: EventLog,
  projection: Projection,
  events: readonly NorthboundEvent[],
  signal: AbortSignal,
): Promise<AppendResult> {
  const appended: NorthboundEvent[] = []
  const unconfirmedDuplicates: NorthboundEvent[] = []
  const outcomes = new Map<NorthboundEvent, ApplyOutcome>()
  // Different events with one trace_id are logged one after another, so that the one received first holds it.
  const byTraceId = Map.groupBy(
    events.toSorted((a, b) => a.received_at - b.received_at),
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
        outcomes.set(event, result instanceof Error ? result : result.outcome)
        if (result instanceof Error) continue
        if (result.outcome === 'applied') appended.push(event)
        if (result.outcome !== 'duplicate') continue
        if (orderKey(result.logged) > projection.watermark) appended.push(result.logged)
        else unconfirmedDuplicates.push(event)
      }
    },
    { concurrency: appendConcurrency },
  )
  return { appended, unconfirmedDuplicates, outcomes }
}

/** `logged`: the event that the log holds now. */
type EventResult =
  | { readonly outcome: 'applied' | 'quarantined' }
  | { readonly outcome: 'duplicate'; readonly logged: NorthboundEvent }

async function appendEvent(log: EventLog, event: NorthboundEvent, signal: AbortSignal): Promise<EventResult> {
  const holder = await log.append(event, signal)
  if (holder === 'appended') return { outcome: 'applied' }
  if (holder === 'impossible') {
    await log.quarantine(
      {
        id: `${event.trace_id} ${fingerprint(event)}`,
        reason: 'the event cannot be stored',
        received_at: event.received_at,
        event: undefined,
        body: JSON.stringify(event.params).slice(0, maxQuarantinedBodyLength),
      },
      signal,
    )
    return { outcome: 'quarantined' }
  }
  if (fingerprint(holder) !== fingerprint(event)) return resolveConflict(log, holder, event, signal)
  // A trace_id counts at its earliest time of receipt (docs/contract.md, section 4).
  if (event.received_at >= holder.received_at) return { outcome: 'duplicate', logged: holder }
  await log.moveEarlier(event, signal)
  return { outcome: 'duplicate', logged: event }
}

/**
 * Resolves a conflict between different events with one `trace_id`: the one received first counts, whichever was
 * delivered first, and the other is quarantined (docs/decisions/0002).
 *
 * If the new event wins, its outcome is 'duplicate', so that its stream is folded again.
 */
async function resolveConflict(
  log: EventLog,
  holder: NorthboundEvent,
  event: NorthboundEvent,
  signal: AbortSignal,
): Promise<EventResult> {
  const isFirst = orderKey(event) < orderKey(holder)
  const loser = isFirst ? holder : event
  await log.quarantine(
    {
      id: `${loser.trace_id} ${fingerprint(loser)}`,
      reason: 'trace_id reused with different content',
      received_at: loser.received_at,
      event: loser,
      body: undefined,
    },
    signal,
  )
  if (!isFirst) return { outcome: 'quarantined' }
  await log.replace(holder, event, signal)
  return { outcome: 'duplicate', logged: event }
}
