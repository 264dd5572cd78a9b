import type { SessionRow } from '../ports/session-reader.ts'
import { isoTime } from './iso-time.ts'

export function presentSession({ user_id, user_name, session }: SessionRow) {
  const { joined_at, start_estimated, endpoint_type, reconnects, end } = session
  return {
    user_id,
    user_name,
    joined_at: isoTime(joined_at),
    left_at: isoTime(end?.at),
    // The clock of API Gateway may go back slightly, so the end can precede the start.
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
