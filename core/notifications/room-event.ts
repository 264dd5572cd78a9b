import { eventId } from '../protocol/event-id.ts'
import type { EventSource, NorthboundEvent, Parameters } from '../protocol/events.ts'
import type { Step } from '../state/fold.ts'

/** An event as the query API and the room-event topic show it. */
export type EventRecord = {
  readonly trace_id: string
  readonly event: string
  /** ISO 8601, UTC, with milliseconds. */
  readonly received_at: string
  readonly source: EventSource
  readonly params: Parameters
}

/** The session that a leave ended. Times as in `EventRecord`. */
export type SessionSummary = {
  readonly user_id: string
  readonly user_name: string | null
  readonly joined_at: string
  readonly left_at: string
  readonly seconds: number
  readonly leave_reason: string
  readonly endpoint_type: string | null
  readonly reconnects: number
  readonly estimated: boolean
}

/**
 * A message of the room-event topic (docs/contract.md, section 7).
 * `session` is set for a leave, and null if the leave ended no session.
 */
export type RoomEvent = EventRecord & { readonly id: string; readonly session?: SessionSummary | null }

export function toEventRecord({ trace_id, event, received_at, source, params }: NorthboundEvent): EventRecord {
  return { trace_id, event, received_at: new Date(received_at).toISOString(), source, params }
}

/** @param step the step of the fold that applied the event. */
export function toRoomEvent(event: NorthboundEvent, step: Step | undefined): RoomEvent {
  const message = { id: eventId(event), ...toEventRecord(event) }
  return event.data.event === 'leave' ? { ...message, session: summarizeSession(event.data.user_id, step) } : message
}

/**
 * Whether a step is a leave whose session summary changes because of new events. It must be published again: a leave that
 * overtook its own join had ended no session when it was published first.
 *
 * @param withNewEvents the step of the leave in the history that includes the new events.
 * @param withoutNewEvents the step of the same leave in the history without them.
 */
export function isChangedLeave(withNewEvents: Step, withoutNewEvents: Step): boolean {
  return withNewEvents.event?.data.event === 'leave' && summaryText(withNewEvents) !== summaryText(withoutNewEvents)
}

function summaryText(step: Step): string {
  return step.event?.data.event === 'leave' ? JSON.stringify(summarizeSession(step.event.data.user_id, step)) : ''
}

function summarizeSession(user_id: string, step: Step | undefined): SessionSummary | null {
  const { before, after } = step ?? {}
  if (after?.kind !== 'participant' || after.session === null || after.session.end === null) return null
  // A leave without a session leaves the last session unchanged.
  if (before?.kind === 'participant' && before.session === after.session) return null
  const { joined_at, start_estimated, endpoint_type, reconnects, end } = after.session
  return {
    user_id,
    user_name: after.user_name,
    joined_at: new Date(joined_at).toISOString(),
    left_at: new Date(end.at).toISOString(),
    seconds: Math.round((end.at - joined_at) / 1000),
    leave_reason: end.reason,
    endpoint_type,
    reconnects,
    estimated: start_estimated || end.estimated,
  }
}
