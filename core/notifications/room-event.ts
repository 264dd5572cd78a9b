import type { NorthboundEvent, Parameters, Source } from '../protocol/events.ts'
import type { Step } from '../state/fold.ts'

/** An event as the log shows it, in the query API and on the room event topic. */
export type EventRecord = {
  readonly trace_id: string
  readonly event: string
  /** ISO 8601, UTC, with milliseconds. */
  readonly received_at: string
  readonly source: Source
  readonly params: Parameters
}

/** What a leave ended; times as in `EventRecord`. */
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

/** A message of the room event topic (contract, section 7). `session`: of a leave; null where it ended none. */
export type RoomEvent = EventRecord & { readonly session?: SessionSummary | null }

export function toEventRecord({ trace_id, event, received_at, source, params }: NorthboundEvent): EventRecord {
  return { trace_id, event, received_at: new Date(received_at).toISOString(), source, params }
}

/** @param step of the fold that took the event in. */
export function toRoomEvent(event: NorthboundEvent, step: Step | undefined): RoomEvent {
  return event.data.event === 'leave'
    ? { ...toEventRecord(event), session: endedSession(event.data.user_id, step) }
    : toEventRecord(event)
}

/**
 * The leaves whose message is another one than it would be without some of the events: they are to be told again. A
 * leave may overtake its own join on the road, and has then ended nothing when it is told first.
 */
export function findChangedLeaves(withThem: readonly Step[], withoutThem: readonly Step[]): Step[] {
  const told = new Map(withoutThem.map((step) => [step.event?.trace_id, sessionText(step)]))
  return withThem.filter((step) => {
    const before = told.get(step.event?.trace_id)
    return step.event?.data.event === 'leave' && before !== undefined && before !== sessionText(step)
  })
}

function sessionText(step: Step): string {
  return step.event?.data.event === 'leave' ? JSON.stringify(endedSession(step.event.data.user_id, step)) : ''
}

function endedSession(user_id: string, step: Step | undefined): SessionSummary | null {
  const { before, after } = step ?? {}
  if (after?.kind !== 'participant' || after.session === null || after.session.end === null) return null
  // A leave that found nobody there leaves the session as it was.
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
