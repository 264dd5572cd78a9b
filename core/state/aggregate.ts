import type { NorthboundEvent } from '../protocol/events.ts'

/** What an event is about. Each aggregate has its own stream in the event log and its own state. */
export type AggregateId =
  | { readonly kind: 'room'; readonly room_id: string }
  | { readonly kind: 'participant'; readonly room_id: string; readonly user_id: string }
  /** All recordings of one exporter in a room, or all without an exporter, whose id is empty (docs/decisions/0021). */
  | { readonly kind: 'recording'; readonly room_id: string; readonly recording_id: string }
  | { readonly kind: 'box'; readonly box_code: string }
  /** Events that affect no state. They are kept for the timeline of the room they name, if any. */
  | { readonly kind: 'other'; readonly room_id: string | undefined }

/** The aggregates that have a state and so a projection. */
export type StatefulAggregateId = Exclude<AggregateId, { kind: 'other' }>

export type ParticipantId = Extract<AggregateId, { kind: 'participant' }>
export type RecordingsId = Extract<AggregateId, { kind: 'recording' }>
/** The aggregates that can have several sessions or recordings, one after another. */
export type RecurringAggregateId = ParticipantId | RecordingsId

export function isRecurring(aggregate: AggregateId): aggregate is RecurringAggregateId {
  return aggregate.kind === 'participant' || aggregate.kind === 'recording'
}

export function aggregateOf({ data }: Pick<NorthboundEvent, 'data'>): AggregateId {
  switch (data.event) {
    case 'open':
    case 'close':
    case 'name_room':
      return { kind: 'room', room_id: data.room_id }
    case 'start_record':
    case 'stop_record':
    case 'record_transcoding_completion':
      return { kind: 'recording', room_id: data.room_id, recording_id: data.exporter_id ?? '' }
    case 'warning_notify':
      return { kind: 'box', box_code: data.box_code }
    case 'join':
    case 'leave':
    case 'update':
    case 'publish':
    case 'unpublish':
    case 'sub':
    case 'unsub':
      return { kind: 'participant', room_id: data.room_id, user_id: data.user_id }
    case 'unknown':
      return { kind: 'other', room_id: data.room_id }
  }
}

/** The key of the aggregate's stream, for use in memory. */
export function streamOf(aggregate: AggregateId): string {
  const { kind, room_id, user_id, recording_id, box_code }: Partial<Record<string, string | undefined>> = aggregate
  return JSON.stringify([kind, room_id, user_id, recording_id, box_code])
}

/** The room that an aggregate belongs to; empty if it belongs to none. */
export function roomIdOf(aggregate: AggregateId): string {
  return 'room_id' in aggregate ? (aggregate.room_id ?? '') : ''
}
