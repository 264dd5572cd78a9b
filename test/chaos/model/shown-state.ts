import type { Medium } from './media.ts'
import type { ModelMediaServer } from './media-server.ts'
import type { ModelPerson } from './person.ts'
import type { ModelRecording } from './recording.ts'
import type { ModelRoom } from './room.ts'
import type { ModelSession } from './session.ts'

/** What the query API shows (docs/contract.md, section 6), as far as it follows from the events alone. Times are ISO 8601. */
export interface ShownState {
  /** `GET /api/rooms?status=all` */
  readonly rooms: readonly ShownRoom[]
  /** `GET /api/room` of each room, with `room_id`. */
  readonly participants: readonly ShownParticipant[]
  /** `GET /api/sessions` of each room. */
  readonly sessions: readonly ShownSession[]
  /** `GET /api/recordings` */
  readonly recordings: readonly ShownRecording[]
  /** `GET /api/boxes` */
  readonly boxes: readonly ShownBox[]
}

export interface ShownRoom {
  readonly room_id: string
  readonly name: string | null
  readonly status: string
  readonly opened_at: string | null
  readonly closed_at: string | null
  readonly close_reason: string | null
  readonly reopened: number
  readonly present: number
  readonly estimated: boolean
}

export interface ShownSession {
  readonly room_id: string
  readonly user_id: string
  readonly user_name: string | null
  readonly joined_at: string | null
  readonly left_at: string | null
  readonly leave_reason: string | null
  readonly endpoint_type: string | null
  readonly reconnects: number
  readonly estimated: boolean
}

export interface ShownParticipant extends ShownSession {
  readonly status: string
  readonly streams: readonly ShownMedium[]
  readonly subscriptions: readonly ShownMedium[]
}

export interface ShownMedium {
  readonly stream_id: string
  readonly stream_type: string
  readonly since: string | null
}

export interface ShownRecording {
  readonly room_id: string
  readonly exporter_id: string | null
  /** Without `stuck`, which depends on the clock: such a recording is `recording`. */
  readonly status: string
  readonly started_at: string | null
  readonly stopped_at: string | null
  readonly ready_at: string | null
  readonly reason: string | null
  readonly files: unknown
}

export interface ShownBox {
  readonly box_code: string
  readonly first_warning_at: string | null
  readonly last_warning_at: string | null
  readonly ports: readonly {
    readonly type: string
    readonly port: number
    readonly first_seen_at: string | null
    readonly last_seen_at: string | null
  }[]
  readonly alerts_sent: number
  readonly alerts_suppressed: number
}

function iso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}

export function showRoom(room_id: string, room: ModelRoom): ShownRoom {
  const { name, status, openedAt, closedAt, closeReason, reopened, present, isEstimated } = room
  return {
    room_id,
    name,
    status,
    opened_at: iso(openedAt),
    closed_at: iso(closedAt),
    close_reason: closeReason,
    reopened,
    present,
    estimated: isEstimated,
  }
}

export function showSession(room_id: string, user_id: string, session: ModelSession): ShownSession {
  const { userName, joinedAt, end, endpointType, reconnects, isStartEstimated } = session
  return {
    room_id,
    user_id,
    user_name: userName,
    joined_at: iso(joinedAt),
    left_at: iso(end?.at ?? null),
    leave_reason: end?.reason ?? null,
    endpoint_type: endpointType,
    reconnects,
    estimated: isStartEstimated || (end?.isEstimated ?? false),
  }
}

/** @returns nothing for a user who was never in the room. */
export function showParticipant(room_id: string, user_id: string, person: ModelPerson): ShownParticipant[] {
  const session = person.sessions.at(-1)
  if (session === undefined) return []
  return [
    {
      ...showSession(room_id, user_id, session),
      status: session.end === null ? 'in_room' : 'left',
      streams: person.streams.map(showMedium),
      subscriptions: person.subscriptions.map(showMedium),
    },
  ]
}

function showMedium({ stream_id, stream_type, since }: Medium): ShownMedium {
  return { stream_id, stream_type, since: iso(since) }
}

export function showRecording(room_id: string, recording: ModelRecording): ShownRecording {
  const { exporterId, status, startedAt, stoppedAt, readyAt, reason, files } = recording
  return {
    room_id,
    exporter_id: exporterId,
    status,
    started_at: iso(startedAt),
    stopped_at: iso(stoppedAt),
    ready_at: iso(readyAt),
    reason,
    files: parseFiles(files),
  }
}

function parseFiles(files: string | null): unknown {
  try {
    return files === null ? null : JSON.parse(files)
  } catch {
    return files
  }
}

export function showMediaServer(box_code: string, mediaServer: ModelMediaServer): ShownBox {
  const { firstWarningAt, lastWarningAt, ports, alerts, alertsSuppressed } = mediaServer
  return {
    box_code,
    first_warning_at: iso(firstWarningAt),
    last_warning_at: iso(lastWarningAt),
    ports: ports.map(({ type, port, firstSeenAt, lastSeenAt }) => {
      return { type, port, first_seen_at: iso(firstSeenAt), last_seen_at: iso(lastSeenAt) }
    }),
    alerts_sent: alerts.length,
    alerts_suppressed: alertsSuppressed,
  }
}
