import type { EventData, NorthboundEvent } from '../protocol/events.ts'

/** What an event is about. Each aggregate has its own stream in the log and its own state. */
export type AggregateId =
  | { readonly kind: 'room'; readonly room_id: string }
  | { readonly kind: 'participant'; readonly room_id: string; readonly user_id: string }
  | { readonly kind: 'recording'; readonly room_id: string; readonly recording_id: string }
  | { readonly kind: 'box'; readonly box_code: string }
  /** Events without effect on any state, kept for the timeline of the room they name, if any. */
  | { readonly kind: 'other'; readonly room_id: string | undefined }

export type RoomId = Extract<AggregateId, { kind: 'room' }>
export type ParticipantId = Extract<AggregateId, { kind: 'participant' }>
export type RecordingId = Extract<AggregateId, { kind: 'recording' }>

export function aggregateOf({ data, trace_id }: Pick<NorthboundEvent, 'data' | 'trace_id'>): AggregateId {
  switch (data.event) {
    case 'open':
    case 'close':
      return { kind: 'room', room_id: data.room_id }
    case 'start_record':
    case 'stop_record':
    case 'record_transcoding_completion':
      return { kind: 'recording', room_id: data.room_id, recording_id: recordingId(data, trace_id) }
    case 'warning_notify':
      return { kind: 'box', box_code: data.box_code }
    case 'unknown':
      return { kind: 'other', room_id: data.room_id }
    default:
      return { kind: 'participant', room_id: data.room_id, user_id: data.user_id }
  }
}

/**
 * A recording is known by its exporter or, where the release has none, by its start (contract, section 4).
 * One with neither (it could not start) stands for itself.
 */
function recordingId(data: Extract<EventData, { exporter_id?: unknown }>, traceId: string): string {
  if (data.exporter_id !== undefined) return data.exporter_id
  return data.start_time === undefined ? `trace_id ${traceId}` : `start_time ${data.start_time}`
}

/** One text for a aggregate, for use as a key in memory. */
export function streamOf(aggregate: AggregateId): string {
  const { kind, room_id, user_id, recording_id, box_code }: Partial<Record<string, string | undefined>> = aggregate
  return JSON.stringify([kind, room_id, user_id, recording_id, box_code])
}
