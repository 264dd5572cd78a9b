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
  const conflict: Conflict = { others: [], recordedFor: undefined }
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const holder = await log.append(event, signal)
    if (holder === 'appended') return { outcome: 'appended', countedAt: event.received_at }
    if (holder === 'impossible') {
      await log.quarantine(impossibleRecord(event), signal)
      return { outcome: 'quarantined', countedAt: event.received_at }
    }
    const outcome = isSameEvent(holder.event, event)
      ? await resolveDuplicate(log, holder, event, conflict, signal)
      : await resolveConflict(log, holder, event, conflict, signal)
    if (outcome !== 'read_again') return { outcome, countedAt: Math.min(event.received_at, holder.event.received_at) }
  }
  throw new Error(`the holder of trace_id ${event.trace_id} changed ${maxAttempts} times`)
}

/** What is known about other events with the `trace_id`. */
type Conflict = {
  /** The other events that held the `trace_id` meanwhile. */
  readonly others: NorthboundEvent[]
  /**
   * The holder for which the quarantine records were written last. Another batch may replace it at the same time, so they stand
   * only if it still holds the `trace_id` afterwards.
   */
  recordedFor: NorthboundEvent | undefined
}

/** A `trace_id` counts at its earliest time of receipt (docs/contract.md, section 4). */
async function resolveDuplicate(
  log: EventLog,
  holder: Holder,
  event: NorthboundEvent,
  conflict: Conflict,
  signal: AbortSignal,
): Promise<AppendOutcome | 'read_again'> {
  // An earlier delivery of this event may have been recorded as quarantined.
  const isInConflict = holder.hasReplaced || conflict.others.length > 0
  if (isInConflict && !isRecordedFor(conflict, holder)) {
    await recordConflict(log, holder.event, conflict.others, signal)
    conflict.recordedFor = holder.event
    return 'read_again'
  }
  if (event.received_at >= holder.event.received_at) return holder.hasReplaced ? 'replaced' : 'duplicate'
  // A close that moves may have ended sessions at the later time.
  const hasReplaced = holder.hasReplaced || event.data.event === 'close'
  if ((await log.replace(holder, { event, hasReplaced }, signal)) === 'conflict') return 'read_again'
  return hasReplaced ? 'replaced' : 'duplicate'
}

/**
 * The records come first: after a crash, the event is delivered again and finds the conflict unresolved. They are written again
 * after a replacement, because another batch may have withdrawn them while the replaced event was the holder.
 */
async function resolveConflict(
  log: EventLog,
  holder: Holder,
  event: NorthboundEvent,
  conflict: Conflict,
  signal: AbortSignal,
): Promise<'quarantined' | 'read_again'> {
  const wins = precedes(event, holder.event)
  if (!wins && isRecordedFor(conflict, holder)) return 'quarantined'
  conflict.others.push(holder.event)
  await recordConflict(log, wins ? event : holder.event, [...conflict.others, event], signal)
  conflict.recordedFor = wins ? undefined : holder.event
  if (wins) await log.replace(holder, { event, hasReplaced: true }, signal)
  return 'read_again'
}

function isRecordedFor({ recordedFor }: Conflict, { event }: Holder): boolean {
  return recordedFor?.received_at === event.received_at && isSameEvent(recordedFor, event)
}

/** @param events all events that are known to share the `trace_id`. */
async function recordConflict(
  log: EventLog,
  winner: NorthboundEvent,
  events: readonly NorthboundEvent[],
  signal: AbortSignal,
): Promise<void> {
  for (const event of events) if (!isSameEvent(event, winner)) await log.quarantine(conflictRecord(event), signal)
  await log.withdrawQuarantine(conflictRecord(winner), signal)
}

function conflictRecord(event: NorthboundEvent): QuarantineRecord {
  return {
    id: `${event.trace_id} ${eventId(event)}`,
    reason: 'trace_id reused with different content',
    received_at: event.received_at,
    event,
    body: undefined,
  }
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
