import { createHash } from 'node:crypto'
import { eventId } from '../protocol/event-id.ts'
import type { EventSource, NorthboundEvent, Parameters } from '../protocol/events.ts'
import type { ParticipantId } from '../state/aggregate.ts'
import type { Step } from '../state/fold.ts'
import type { Session } from '../state/session.ts'

const sessionEnded = 'session_ended'

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
 * `session` is set for the end of a session, and null if the event ended none.
 */
export type RoomEvent = EventRecord & {
  readonly id: string
  /** Set for `session_ended`, which has no parameters as received. */
  readonly room_id?: string
  readonly session?: SessionSummary | null
}

export function toEventRecord({ trace_id, event, received_at, source, params }: NorthboundEvent): EventRecord {
  return { trace_id, event, received_at: new Date(received_at).toISOString(), source, params }
}

/** @param step the step of the fold that applied the event. */
export function toRoomEvent(event: NorthboundEvent, step: Step | undefined): RoomEvent {
  const message = { id: eventId(event), ...toEventRecord(event) }
  return event.data.event === 'leave' ? { ...message, session: summarizeSession(event.data.user_id, step) } : message
}

/** What a step of the fold changed. */
type Change = Pick<Step, 'before' | 'after'>

/**
 * The message about a session that a close of the room ended (docs/contract.md, section 7).
 *
 * @param step the step of the fold that applied the close to the participant; without `before`, the session in `after`.
 */
export function toSessionEnded(close: NorthboundEvent, { room_id, user_id }: ParticipantId, step: Change): RoomEvent {
  const session = summarizeSession(user_id, step)
  return {
    id: sessionEndedId(close, user_id),
    trace_id: close.trace_id,
    event: sessionEnded,
    received_at: session?.left_at ?? new Date(close.received_at).toISOString(),
    source: close.source,
    room_id,
    params: { event: sessionEnded, room_id, user_id },
    session,
  }
}

/** The close does not identify the message alone, because it can end many sessions. */
export function sessionEndedId(close: NorthboundEvent, user_id: string): string {
  return createHash('sha256')
    .update(JSON.stringify([eventId(close), user_id]))
    .digest()
    .toString('base64url', 0, 16)
}

/**
 * Whether a step is a leave or a close whose session summary changes because of new events. It must be published again: a leave
 * that overtook its own join had ended no session when it was published first.
 *
 * @param withNewEvents the step in the history that includes the new events.
 * @param withoutNewEvents the step of the same event in the history without them.
 */
export function isChangedEnd(withNewEvents: Step, withoutNewEvents: Step): boolean {
  return isEnd(withNewEvents) && summaryText(withNewEvents) !== summaryText(withoutNewEvents)
}

/** Whether a step is a leave, or a close of the room. */
export function isEnd({ event }: Step): boolean {
  return event === undefined || event.data.event === 'leave'
}

/** Whether a leave or a close ended a session. */
export function endsSession(step: Step): boolean {
  return summarizeSession('', step) !== null
}

function summaryText(step: Step): string {
  return JSON.stringify(summarizeSession('', step))
}

function summarizeSession(user_id: string, step: Change | undefined): SessionSummary | null {
  const { before, after } = step ?? {}
  if (after?.kind !== 'participant' || after.session === null || after.session.end === null) return null
  // A leave or close without a session leaves the last session unchanged.
  if (before?.kind === 'participant' && hasSameEnd(before.session, after.session)) return null
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

/** Whether these are the same session, with the same end. */
export function hasSameEnd(one: Session | null, { joined_at, end }: Session): boolean {
  if (one?.end == null || end === null || one.joined_at !== joined_at) return false
  return one.end.at === end.at && one.end.reason === end.reason && one.end.estimated === end.estimated
}
