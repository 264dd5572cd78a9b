import { readWireTime } from '../../core/protocol/wire-time.ts'
import { eventRecord } from '../../core/room-event.ts'
import { isPresent, type ParticipantState } from '../../core/state/participant.ts'
import type { RecordingState } from '../../core/state/recording.ts'
import type { Health, RoomSummary, TimelineEntry, WholeRoom } from './readers.ts'

/** ISO 8601, UTC, with milliseconds. */
function time(ms: number | null | undefined): string | null {
  return ms === null || ms === undefined ? null : new Date(ms).toISOString()
}

/**
 * A room as the contract shows it. One of which no open or close was ever seen is open, as an estimate, while there
 * are people in it (contract, section 4); it then counts as opened when the first of them joined.
 */
export function roomAnswer({ room_id, state, joined, last_event_at }: RoomSummary) {
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
export function wholeRoomAnswer(room_id: string, whole: WholeRoom, timeZone: string) {
  const participants = whole.participants.filter(({ state }) => state.session !== null)
  if (whole.room === undefined && participants.length + whole.recordings.length === 0) return undefined
  const joined = participants.flatMap(({ state }) =>
    isPresent(state) && state.session !== null ? [state.session.joined_at] : [],
  )
  return {
    room: roomAnswer({ room_id, state: whole.room, joined, last_event_at: whole.last_event_at }),
    participants: participants.map(({ user_id, state }) => participantAnswer(user_id, state)),
    recordings: whole.recordings.map((recording) => recordingAnswer(room_id, recording, timeZone)),
  }
}

function participantAnswer(user_id: string, { user_name, session, streams, subscriptions }: ParticipantState) {
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

function recordingAnswer(room_id: string, recording: RecordingState, timeZone: string) {
  const { exporter_id, exporter_type, status, files, reason } = recording
  // The platform's word counts; where it gave none, or none that can be read, the time its event came in.
  const told = (text: string | null, seen: number | null) =>
    time((text === null ? undefined : readWireTime(text, timeZone)) ?? seen)
  return {
    room_id,
    exporter_id,
    exporter_type,
    status,
    started_at: told(recording.start_time, recording.started_seen_at),
    stopped_at: told(recording.stop_time, recording.stopped_seen_at),
    ready_at: time(recording.ready_at),
    files: files === null ? null : filesAnswer(files),
    reason,
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

export function timelineAnswer({ event, quarantined }: TimelineEntry) {
  return {
    ...eventRecord(event),
    // Such an entry is kept for the record and has no effect.
    ...(quarantined === undefined ? {} : { quarantined }),
  }
}

export function statsAnswer(open: { rooms: number; participants: number }, health: Health) {
  return {
    rooms_open: open.rooms,
    participants_present: open.participants,
    events_last_hour: health.events_last_hour,
    drift_last_sweep: health.drift_last_sweep ?? null,
    last_sweep_at: time(health.last_sweep_at),
    last_sweep_ok: health.last_sweep_ok ?? null,
    dead_letters: health.dead_letters,
    // "off": no platform is configured, so what a crashed server never said is not found out.
    reconciliation: health.reconciliation ?? null,
  }
}
