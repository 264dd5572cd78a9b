import { toEventRecord } from '../../core/notifications/room-event.ts'
import type { BoxRow, RecordingRow } from '../../core/ports/catalog-reader.ts'
import type { Health } from '../../core/ports/health-reader.ts'
import type { RoomDetails, RoomSummary, TimelineEntry } from '../../core/ports/room-reader.ts'
import type { SessionRow } from '../../core/ports/session-reader.ts'
import { readWireTime } from '../../core/protocol/wire-time.ts'
import { isPresent, type ParticipantState } from '../../core/state/participant.ts'
import type { RecordingState } from '../../core/state/recording.ts'

/** What an answer depends on besides the state. */
export type Reading = {
  /** IANA zone of the platform's times that carry none. */
  readonly timeZone: string
  /** ms */
  readonly now: number
}

/** ISO 8601, UTC, with milliseconds. */
function time(ms: number | null | undefined): string | null {
  return ms === null || ms === undefined ? null : new Date(ms).toISOString()
}

/**
 * A room as the contract shows it. One of which no open or close was ever seen is open, as an estimate, while there
 * are people in it (contract, section 4); it then counts as opened when the first of them joined.
 */
export function presentRoom({ room_id, state, joined, last_event_at }: RoomSummary) {
  const shown = state ?? {
    status: joined.length > 0 ? 'open' : 'closed',
    opened_at: joined.length > 0 ? Math.min(...joined) : null,
    closed_at: null,
    close_reason: null,
    reopened: 0,
    opening_estimated: true,
    closing_estimated: false,
  }
  return {
    room_id,
    status: shown.status,
    opened_at: time(shown.opened_at),
    closed_at: time(shown.closed_at),
    close_reason: shown.close_reason,
    reopened: shown.reopened,
    present: joined.length,
    estimated: shown.opening_estimated || shown.closing_estimated,
    last_event_at: time(last_event_at),
  }
}

/** `{room, participants, recordings}`, or undefined where nothing is known of the room. */
export function presentRoomDetails(room_id: string, whole: RoomDetails, { timeZone, now }: Reading) {
  const participants = whole.participants.filter(({ state }) => state.session !== null)
  if (whole.room === undefined && participants.length + whole.recordings.length === 0) return undefined
  const joined = participants.flatMap(({ state }) =>
    isPresent(state) && state.session !== null ? [state.session.joined_at] : [],
  )
  const closed_at = whole.room?.status === 'closed' ? whole.room.closed_at : null
  return {
    room: presentRoom({ room_id, state: whole.room, joined, last_event_at: whole.last_event_at }),
    participants: participants.map(({ user_id, state }) => presentParticipant(user_id, state)),
    recordings: whole.recordings.map((state) => presentRecording({ room_id, state }, closed_at, { timeZone, now })),
  }
}

function presentParticipant(user_id: string, { user_name, session, streams, subscriptions }: ParticipantState) {
  const end = session?.end ?? null
  return {
    user_id,
    user_name,
    status: end === null ? 'in_room' : 'left',
    joined_at: time(session?.joined_at),
    left_at: time(end?.at),
    leave_reason: end?.reason ?? null,
    endpoint_type: session?.endpoint_type ?? null,
    reconnects: session?.reconnects ?? 0,
    estimated: (session?.start_estimated ?? false) || (end?.estimated ?? false),
    streams: streams.map(({ since, ...stream }) => ({ ...stream, since: time(since) })),
    subscriptions: subscriptions.map(({ since, ...stream }) => ({ ...stream, since: time(since) })),
  }
}

/** @param closed_at ms: when its room was closed; null where it is not. */
export function presentRecording(
  { room_id, state: recording }: RecordingRow,
  closed_at: number | null,
  { timeZone, now }: Reading,
) {
  const { exporter_id, exporter_type, files, reason } = recording
  // The platform's word counts; where it gave none, or none that can be read, the time its event came in.
  const told = (text: string | null, seen: number | null) =>
    time((text === null ? undefined : readWireTime(text, timeZone)) ?? seen)
  return {
    room_id,
    exporter_id,
    exporter_type,
    status: isStuck(recording, closed_at, now) ? ('stuck' as const) : recording.status,
    started_at: told(recording.start_time, recording.started_seen_at),
    stopped_at: told(recording.stop_time, recording.stopped_seen_at),
    ready_at: time(recording.ready_at),
    files: files === null ? null : filesAnswer(files),
    reason,
  }
}

/** Nothing more will come of it: the room is closed for so long that somebody should look (contract, section 4). */
function isStuck({ status }: RecordingState, closed_at: number | null, now: number): boolean {
  return status === 'recording' && closed_at !== null && now - closed_at > stuckAfter
}

const stuckAfter = 3_600_000

/** Of one stay in a room. */
export function presentSession({ user_id, user_name, session }: SessionRow) {
  const { joined_at, start_estimated, endpoint_type, reconnects, end } = session
  return {
    user_id,
    user_name,
    joined_at: new Date(joined_at).toISOString(),
    left_at: time(end?.at),
    // The clock of the API gateway may go back a little.
    seconds: end === null ? null : Math.max(0, Math.round((end.at - joined_at) / 1000)),
    leave_reason: end?.reason ?? null,
    endpoint_type,
    reconnects,
    estimated: start_estimated || (end?.estimated ?? false),
  }
}

export function presentUserSession(row: SessionRow) {
  return { room_id: row.room_id, ...presentSession(row) }
}

export function presentBox({ box_code, state }: BoxRow) {
  const { last_warning_at, ports, alerts_sent, alerts_suppressed } = state
  return {
    box_code,
    last_warning_at: time(last_warning_at),
    ports: ports.map(({ type, port, last_seen_at }) => ({ type, port, last_seen_at: time(last_seen_at) })),
    alerts_sent,
    alerts_suppressed,
  }
}

/** JSON where it is JSON that can be written again: text may be nested deeper than that. */
function filesAnswer(files: string): unknown {
  try {
    const parsed: unknown = JSON.parse(files)
    JSON.stringify(parsed)
    return parsed
  } catch {
    return files
  }
}

export function presentTimelineEntry({ event, quarantined }: TimelineEntry) {
  return {
    ...toEventRecord(event),
    // Such an entry is kept for the record and has no effect.
    ...(quarantined === undefined ? {} : { quarantined }),
  }
}

export function presentStats(open: { rooms: number; participants: number }, health: Health) {
  return {
    rooms_open: open.rooms,
    participants_present: open.participants,
    events_last_hour: health.events_last_hour,
    drift_last_sweep: health.drift_last_sweep ?? null,
    last_sweep_at: time(health.last_sweep_at),
    last_sweep_ok: health.last_sweep_ok ?? null,
    dead_letters: health.dead_letters,
    queue_depth: health.queue_depth,
    last_event_at: time(health.last_event_at),
    // "off": no platform is configured, so what a crashed server never said is not found out.
    reconciliation: health.reconciliation ?? null,
  }
}
