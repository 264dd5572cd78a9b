import type { EventLog, Holder, QuarantineRecord } from '../../core/ports/event-log.ts'
import { eventId } from '../../core/protocol/event-id.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { precedes } from '../../core/state/order.ts'
import { truncateBody } from './truncate-quarantined.ts'

/**
 * `replaced`: the event took the place of another one with its `trace_id`, now or in an earlier delivery, or is a close that took
 * the place of itself at a later time. `quarantined`: it has no effect.
 */
export type AppendOutcome = 'appended' | 'duplicate' | 'replaced' | 'quarantined'

/** `countedAt`: ms; when the event that holds the `trace_id` counts. */
export type AppendResult = { readonly outcome: AppendOutcome; readonly countedAt: number }

/** A `trace_id` has few holders, so more changes than this are a fault. */
const maxAttempts = 10

/**
 * Logs an event. If its `trace_id` is taken, the event that counts holds it afterwards (docs/decisions/0002).
 *
 * @throws if the log fails, or if the holder keeps changing.
 */
export async function appendEvent(log: EventLog, event: NorthboundEvent, signal: AbortSignal): Promise<AppendResult> {
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const holder = await log.append(event, signal)
    if (holder === 'appended') return { outcome: 'appended', countedAt: event.received_at }
    if (holder === 'impossible') {
      await log.quarantine(impossibleRecord(event), signal)
      return { outcome: 'quarantined', countedAt: event.received_at }
    }
    const outcome = isSameEvent(holder.event, event)
      ? await resolveDuplicate(log, holder, event, signal)
      : await resolveConflict(log, holder, event, signal)
    if (outcome !== 'read_again') return { outcome, countedAt: Math.min(event.received_at, holder.event.received_at) }
  }
  throw new Error(`the holder of trace_id ${event.trace_id} changed ${maxAttempts} times`)
}

/** A `trace_id` counts at its earliest time of receipt (docs/contract.md, section 4). */
async function resolveDuplicate(
  log: EventLog,
  holder: Holder,
  event: NorthboundEvent,
  signal: AbortSignal,
): Promise<AppendOutcome | 'read_again'> {
  if (event.received_at >= holder.event.received_at) return holder.hasReplaced ? 'replaced' : 'duplicate'
  // A close that moves may have ended sessions at the later time.
  const hasReplaced = holder.hasReplaced || event.data.event === 'close'
  if ((await log.replace(holder, { event, hasReplaced }, signal)) === 'conflict') return 'read_again'
  return hasReplaced ? 'replaced' : 'duplicate'
}

/** The records come first: after a crash, the event is delivered again and finds the conflict unresolved. */
async function resolveConflict(
  log: EventLog,
  holder: Holder,
  event: NorthboundEvent,
  signal: AbortSignal,
): Promise<AppendOutcome | 'read_again'> {
  const [winner, loser] = precedes(event, holder.event) ? [event, holder.event] : [holder.event, event]
  await log.recordConflict(loser, winner, signal)
  // An earlier delivery of the winner, at a later time, may have been recorded as the loser.
  await log.recordConflict(winner, undefined, signal)
  if (winner !== event) return 'quarantined'
  const result = await log.replace(holder, { event, hasReplaced: true }, signal)
  return result === 'conflict' ? 'read_again' : 'replaced'
}

function impossibleRecord(event: NorthboundEvent): QuarantineRecord {
  return {
    id: `${event.trace_id} ${eventId(event)}`,
    reason: 'the event cannot be stored',
    received_at: event.received_at,
    event: undefined,
    body: truncateBody(JSON.stringify(event.params)),
  }
}

/** Whether two events differ in nothing but the time of receipt. */
function isSameEvent(one: NorthboundEvent, other: NorthboundEvent): boolean {
  return eventId(one) === eventId(other)
}
