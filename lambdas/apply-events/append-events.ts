import pMap from 'p-map'
import type { EventLog } from '../../core/ports/event-log.ts'
import type { Projection } from '../../core/projection/projection.ts'
import { fingerprint, isRecent } from '../../core/projection/recent-events.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { orderKey } from '../../core/state/order.ts'

/** What became of one event: `stale`: it came late and was sorted in; an Error: try it again. */
export type Outcome = 'applied' | 'stale' | 'duplicate' | 'quarantined' | Error

export type Logged = {
  /** Events that the log did not have before. */
  readonly appended: readonly NorthboundEvent[]
  /**
   * Copies of logged events that the projection does not remember. A crash may have come between logging and
   * folding, so only folding the stream again can tell that they are in.
   */
  readonly unconfirmedDuplicates: readonly NorthboundEvent[]
  readonly outcomes: ReadonlyMap<NorthboundEvent, Outcome>
}

const concurrency = 32
/** Characters of an event too large for the log that are kept to show what it was. */
const keptOfImpossible = 50_000

/** Records the events of one aggregate; an event fails alone. */
export async function appendEvents(
  log: EventLog,
  projection: Projection,
  events: readonly NorthboundEvent[],
): Promise<Logged> {
  const appended: NorthboundEvent[] = []
  const unconfirmedDuplicates: NorthboundEvent[] = []
  const outcomes = new Map<NorthboundEvent, Outcome>()
  // Different contents under one trace_id take turns, so that the one received first holds it.
  const claims = Map.groupBy(
    events.toSorted((a, b) => a.received_at - b.received_at),
    (event) => event.trace_id,
  )
  await pMap(
    claims.values(),
    async (claim) => {
      for (const event of claim) {
        const outcome = isRecent(projection.recentEvents, event)
          ? 'recentEvents'
          : await logEvent(log, event).catch(asError)
        outcomes.set(event, outcome === 'recentEvents' ? 'duplicate' : outcome)
        if (outcome === 'applied') appended.push(event)
        if (outcome === 'duplicate') unconfirmedDuplicates.push(event)
      }
    },
    { concurrency },
  )
  return { appended, unconfirmedDuplicates, outcomes }
}

async function logEvent(log: EventLog, event: NorthboundEvent): Promise<'applied' | 'duplicate' | 'quarantined'> {
  const holder = await log.append(event)
  if (holder === 'appended') return 'applied'
  if (holder === 'impossible') {
    await log.quarantine({
      id: `${event.trace_id} ${fingerprint(event)}`,
      reason: 'the event cannot be stored',
      received_at: event.received_at,
      event: undefined,
      body: JSON.stringify(event.params).slice(0, keptOfImpossible),
    })
    return 'quarantined'
  }
  if (fingerprint(holder) !== fingerprint(event)) return settleConflict(log, holder, event)
  // A trace_id counts at its earliest time of receipt (contract, section 4).
  if (event.received_at < holder.received_at) await log.moveEarlier(event)
  return 'duplicate'
}

/**
 * Of different contents under one `trace_id`, the one received first counts, whichever came here first; the other is
 * quarantined. As 'duplicate', the winner makes its stream fold anew.
 */
async function settleConflict(
  log: EventLog,
  holder: NorthboundEvent,
  event: NorthboundEvent,
): Promise<'duplicate' | 'quarantined'> {
  const isFirst = orderKey(event) < orderKey(holder)
  const loser = isFirst ? holder : event
  await log.quarantine({
    id: `${loser.trace_id} ${fingerprint(loser)}`,
    reason: 'trace_id reused with different content',
    received_at: loser.received_at,
    event: loser,
    body: undefined,
  })
  if (!isFirst) return 'quarantined'
  await log.replace(holder, event)
  return 'duplicate'
}

export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
