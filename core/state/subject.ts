import type { Facts, NorthboundEvent } from '../protocol/events.ts'

/** What an event is about. Each subject has its own stream in the log and its own state. */
export type Subject =
  | { readonly kind: 'room'; readonly room_id: string }
  | { readonly kind: 'participant'; readonly room_id: string; readonly user_id: string }
  | { readonly kind: 'recording'; readonly room_id: string; readonly recording_id: string }
  | { readonly kind: 'box'; readonly box_code: string }
  /** Events without effect on any state, kept for the timeline of the room they name, if any. */
  | { readonly kind: 'other'; readonly room_id: string | undefined }

export type RoomSubject = Extract<Subject, { kind: 'room' }>
export type ParticipantSubject = Extract<Subject, { kind: 'participant' }>
export type RecordingSubject = Extract<Subject, { kind: 'recording' }>

export function subjectOf({ facts, trace_id }: Pick<NorthboundEvent, 'facts' | 'trace_id'>): Subject {
  switch (facts.event) {
    case 'open':
    case 'close':
      return { kind: 'room', room_id: facts.room_id }
    case 'start_record':
    case 'stop_record':
    case 'record_transcoding_completion':
      return { kind: 'recording', room_id: facts.room_id, recording_id: recordingId(facts, trace_id) }
    case 'warning_notify':
      return { kind: 'box', box_code: facts.box_code }
    case 'unknown':
      return { kind: 'other', room_id: facts.room_id }
    default:
      return { kind: 'participant', room_id: facts.room_id, user_id: facts.user_id }
  }
}

/**
 * A recording is known by its exporter or, where the release has none, by its start (contract, section 4).
 * One with neither (it could not start) stands for itself.
 */
function recordingId(facts: Extract<Facts, { exporter_id?: unknown }>, traceId: string): string {
  if (facts.exporter_id !== undefined) return facts.exporter_id
  return facts.start_time === undefined ? `trace_id ${traceId}` : `start_time ${facts.start_time}`
}

/** One text for a subject, for use as a key in memory. */
export function subjectKey(subject: Subject): string {
  const { kind, room_id, user_id, recording_id, box_code }: Partial<Record<string, string | undefined>> = subject
  return JSON.stringify([kind, room_id, user_id, recording_id, box_code])
}
