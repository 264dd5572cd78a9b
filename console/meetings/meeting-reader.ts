import { api } from '../api.ts'
import type { ApiAttendance, ApiMeeting, ApiRecording, ApiTimeline } from '../api-types.ts'

/** One meeting of a room: who attended, what happened, and what was recorded. */
export type MeetingDetails = {
  readonly meeting: ApiMeeting
  readonly attendance: readonly ApiAttendance[]
  /** Whether there are more people than were read. */
  readonly isTruncated: boolean
  readonly timeline: ApiTimeline
  readonly recordings: readonly ApiRecording[]
}

/** The parameters `from` and `to` that cover the meeting, to its end or to now. */
export function periodOf({ opened_at, closed_at }: ApiMeeting): { readonly from: string; readonly to?: string } {
  if (closed_at === null) return { from: opened_at }
  // `to` is exclusive, and a meeting can end in the millisecond in which it began.
  return { from: opened_at, to: new Date(Date.parse(closed_at) + 1).toISOString() }
}

export async function readMeeting(meeting: ApiMeeting): Promise<MeetingDetails> {
  const { room_id } = meeting
  const period = periodOf(meeting)
  const [attendance, timeline, recordings] = await Promise.all([
    api.listAttendance(room_id, period),
    api.readTimeline(room_id, period),
    api.listRecordings({ room_id, ...period }),
  ])
  return {
    meeting,
    attendance: attendance.items,
    isTruncated: attendance.cursor !== null,
    timeline,
    recordings: recordings.items,
  }
}
