import type { Attendance } from '../meetings/attendance.ts'
import type { Meeting } from '../meetings/meetings.ts'
import { isoTime } from './iso-time.ts'

/** @param now ms since 1970: until when a meeting counts that has not ended. */
export function presentMeeting(room_id: string, meeting: Meeting, now: number) {
  const { opened_at, closed_at, close_reason, people, peak, personMs } = meeting
  return {
    room_id,
    opened_at: isoTime(opened_at),
    closed_at: isoTime(closed_at),
    close_reason,
    seconds: toSeconds((closed_at ?? now) - opened_at),
    people,
    peak,
    person_seconds: toSeconds(personMs),
    estimated: meeting.opening_estimated || meeting.closing_estimated,
  }
}

export function presentAttendance(attendance: Attendance) {
  const { user_id, user_name, first_joined_at, last_left_at, presentMs } = attendance
  const { sessions, reconnects, endpoint_types, estimated } = attendance
  return {
    user_id,
    user_name,
    first_joined_at: isoTime(first_joined_at),
    last_left_at: isoTime(last_left_at),
    seconds: toSeconds(presentMs),
    sessions,
    reconnects,
    endpoint_types: [...endpoint_types],
    estimated,
  }
}

// The clock of API Gateway may go back slightly, so a time can precede the start.
const toSeconds = (ms: number) => Math.max(0, Math.round(ms / 1000))
