import { compareTexts } from './logged-event.ts'
import type {
  ShownBox,
  ShownMedium,
  ShownParticipant,
  ShownRecording,
  ShownRoom,
  ShownSession,
  ShownState,
} from './shown-state.ts'

/**
 * Sorts the lists, whose order has no meaning here, and reduces the rows to what `ShownState` names. Rooms that were neither opened
 * nor closed are left out, because the contract does not say whether they are listed.
 */
export function normalize(state: ShownState): ShownState {
  return {
    rooms: state.rooms
      .filter(({ opened_at, closed_at }) => opened_at !== null || closed_at !== null)
      .map(pickRoom)
      .sort(compareRows),
    participants: state.participants.map(pickParticipant).sort(compareRows),
    sessions: state.sessions.map(pickSession).sort(compareRows),
    recordings: state.recordings.map(pickRecording).sort(compareRows),
    boxes: state.boxes.map(pickBox).sort(compareRows),
  }
}

function compareRows(one: unknown, other: unknown): number {
  return compareTexts(JSON.stringify(one), JSON.stringify(other))
}

function pickRoom(row: ShownRoom): ShownRoom {
  const { room_id, name, status, opened_at, closed_at, close_reason, reopened, present, estimated } = row
  return { room_id, name, status, opened_at, closed_at, close_reason, reopened, present, estimated }
}

function pickSession(row: ShownSession): ShownSession {
  const { room_id, user_id, joined_at, user_name, left_at, leave_reason, endpoint_type, reconnects, estimated } = row
  return { room_id, user_id, joined_at, user_name, left_at, leave_reason, endpoint_type, reconnects, estimated }
}

function pickParticipant(row: ShownParticipant): ShownParticipant {
  const { status, streams, subscriptions } = row
  return {
    ...pickSession(row),
    status,
    streams: streams.map(pickMedium).sort(compareRows),
    subscriptions: subscriptions.map(pickMedium).sort(compareRows),
  }
}

function pickMedium({ stream_id, stream_type, since }: ShownMedium): ShownMedium {
  return { stream_id, stream_type, since }
}

function pickRecording(row: ShownRecording): ShownRecording {
  const { room_id, exporter_id, started_at, stopped_at, ready_at, reason, files } = row
  const status = row.status === 'stuck' ? 'recording' : row.status
  return { room_id, exporter_id, started_at, status, stopped_at, ready_at, reason, files }
}

function pickBox(row: ShownBox): ShownBox {
  const { box_code, first_warning_at, last_warning_at, ports, alerts_sent, alerts_suppressed } = row
  const shown = ports.map(({ type, port, first_seen_at, last_seen_at }) => ({
    type,
    port,
    first_seen_at,
    last_seen_at,
  }))
  return {
    box_code,
    first_warning_at,
    last_warning_at,
    ports: shown.sort(compareRows),
    alerts_sent,
    alerts_suppressed,
  }
}
