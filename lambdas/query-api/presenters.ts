import { toEventRecord } from '../../core/notifications/room-event.ts'
import type { BoxRow } from '../../core/ports/catalog-reader.ts'
import type { Health } from '../../core/ports/health-reader.ts'
import type { Page } from '../../core/ports/page.ts'
import type { RefusedSample } from '../../core/ports/refused-samples.ts'
import type { RoomDetails, RoomSummary, TimelineEntry } from '../../core/ports/room-reader.ts'
import { isoTime } from '../../core/presentation/iso-time.ts'
import { type PresentationContext, presentNewest } from '../../core/presentation/recording-presenter.ts'
import type { ParticipantState } from '../../core/state/participant.ts'
import type { AlertRules } from '../../core/state/port-alerts.ts'
import { unusedRoom } from '../../core/state/room.ts'
import { isQuiet } from '../../core/state/warning-episode.ts'
import type { RouteResult } from './http-response.ts'

export function presentPage<Row>({ items, cursor }: Page<Row>, present: (row: Row) => unknown): RouteResult {
  return { json: { items: items.map(present), cursor } }
}

export function presentRoom({ room_id, state, joined }: RoomSummary) {
  return {
    room_id,
    name: state.name ?? null,
    status: state.status,
    opened_at: isoTime(state.opened_at),
    closed_at: isoTime(state.closed_at),
    close_reason: state.close_reason,
    reopened: state.reopened,
    present: joined.length,
    estimated: state.opening_estimated || state.closing_estimated,
  }
}

/** Presents a room with a page of its participants, and with its newest recordings. */
export function presentRoomDetails(room_id: string, details: RoomDetails, context: PresentationContext) {
  const { room, joined, participants, recordings, cursor } = details
  const closedAt = room?.status === 'closed' ? room.closed_at : null
  return {
    room: presentRoom({ room_id, state: room ?? unusedRoom, joined }),
    participants: participants.map(({ user_id, state }) => presentParticipant(user_id, state)),
    recordings: presentNewest(room_id, recordings, closedAt, context),
    cursor,
  }
}

function presentParticipant(user_id: string, { user_name, session, streams, subscriptions }: ParticipantState) {
  const end = session?.end ?? null
  return {
    user_id,
    user_name,
    status: end === null ? 'in_room' : 'left',
    joined_at: isoTime(session?.joined_at),
    left_at: isoTime(end?.at),
    leave_reason: end?.reason ?? null,
    endpoint_type: session?.endpoint_type ?? null,
    reconnects: session?.reconnects ?? 0,
    estimated: (session?.start_estimated ?? false) || (end?.estimated ?? false),
    streams: streams.map(({ since, repeated_at: _, ...stream }) => ({ ...stream, since: isoTime(since) })),
    subscriptions: subscriptions.map(({ since, repeated_at: _, ...stream }) => ({ ...stream, since: isoTime(since) })),
  }
}

/** @param now ms since 1970 */
export function presentBox({ box_code, state }: BoxRow, now: number, rules: AlertRules) {
  const { first_warning_at, last_warning_at, ports, alerts_sent, alerts_suppressed } = state
  return {
    box_code,
    state: isQuiet(last_warning_at, now, rules) ? 'quiet' : 'warning',
    first_warning_at: isoTime(first_warning_at),
    last_warning_at: isoTime(last_warning_at),
    ports: ports.map(({ type, port, first_seen_at, last_seen_at }) => {
      return { type, port, first_seen_at: isoTime(first_seen_at), last_seen_at: isoTime(last_seen_at) }
    }),
    alerts_sent,
    alerts_suppressed,
  }
}

export function presentRefused({ at, outcome, msg, method, source_address, parameters }: RefusedSample) {
  return { at: isoTime(at), outcome, msg, method, source_address, parameters }
}

export function presentTimelineEntry({ event, quarantined }: TimelineEntry) {
  return { ...toEventRecord(event), ...(quarantined === undefined ? {} : { quarantined }) }
}

/** @param timeZone IANA name of the installation's time zone. @param now ms since 1970 */
export function presentStats(
  open: { readonly rooms: number; readonly participants: number },
  health: Health,
  { timeZone, now }: { readonly timeZone: string; readonly now: number },
) {
  return {
    time_zone: timeZone,
    rooms_open: open.rooms,
    participants_present: open.participants,
    callbacks_last_hour: health.callbacks_last_hour,
    last_callback_at: isoTime(health.last_callback_at),
    drift_last_sweep: health.drift_last_sweep ?? null,
    last_sweep_at: isoTime(health.last_sweep_at),
    last_sweep_ok: health.last_sweep_ok ?? null,
    dead_letters: health.dead_letters,
    queue_depth: health.queue_depth,
    reconciliation: health.reconciliation ?? null,
    warnings: listWarnings(health, now),
  }
}

/** Callbacks with a wrong `check_code` need attention for this long. */
const refusedSignaturesMs = 3_600_000

/** What needs attention, as codes (docs/contract.md, section 6). */
function listWarnings({ open_alerts, dead_letters, has_open_warnings, last_wrong_check_code_at }: Health, now: number) {
  const areSignaturesRefused = now - (last_wrong_check_code_at ?? Number.NEGATIVE_INFINITY) < refusedSignaturesMs
  return [
    ...open_alerts,
    ...(dead_letters > 0 ? (['dead_letters'] as const) : []),
    ...(areSignaturesRefused ? (['refused_signatures'] as const) : []),
    ...(has_open_warnings ? (['port_check'] as const) : []),
  ]
}
