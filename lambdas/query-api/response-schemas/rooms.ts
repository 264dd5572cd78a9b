import { z } from 'zod'
import { count, nullableText, nullableTime, text, time } from './fields.ts'

export const roomSchema = z
  .strictObject({
    room_id: text,
    name: nullableText.describe("The platform's name for the room; null if its list has none"),
    status: z.enum(['open', 'closed']),
    opened_at: nullableTime.describe('Null if the room was closed and its opening was never observed'),
    closed_at: nullableTime,
    close_reason: nullableText.describe('user, auto, reconciled or unknown'),
    reopened: count.describe('Number of times the room was opened while open, after a media server crash'),
    present: count.describe('Number of participants in the room now'),
    estimated: z.boolean().describe('The opening or closing was inferred, not reported'),
  })
  .meta({ id: 'Room' })

const streamType = text.describe('audio, video or desktop')

const subscriptionSchema = z
  .strictObject({ stream_id: text, stream_type: streamType, since: time })
  .meta({ id: 'Subscription' })

const streamSchema = z
  .strictObject({ stream_id: text, stream_type: streamType, resolution: nullableText, since: time })
  .meta({ id: 'Stream' })

const participantSchema = z
  .strictObject({
    user_id: text,
    user_name: nullableText,
    status: z.enum(['in_room', 'left']),
    joined_at: nullableTime,
    left_at: nullableTime,
    leave_reason: nullableText.describe(
      'normal, client_kick, server_kick, offline, reconciled, room_closed or unknown',
    ),
    endpoint_type: nullableText,
    reconnects: count,
    estimated: z.boolean(),
    streams: z.array(streamSchema).describe('Streams that the participant publishes now'),
    subscriptions: z.array(subscriptionSchema).describe('Streams that the participant receives now'),
  })
  .meta({ id: 'Participant' })

export const recordingStatuses = ['recording', 'stuck', 'stopped', 'ready', 'failed'] as const

export const recordingSchema = z
  .strictObject({
    room_id: text,
    exporter_id: nullableText,
    exporter_type: nullableText,
    status: z.enum(recordingStatuses).describe('stuck: still recording although the room closed more than an hour ago'),
    started_at: nullableTime,
    stopped_at: nullableTime,
    ready_at: nullableTime,
    files: z
      .unknown()
      .describe(
        'The files as the platform reported them: JSON if they are valid JSON, otherwise text; null if unknown',
      ),
    file_list: z
      .array(z.strictObject({ name: text, size: count.nullable() }).meta({ id: 'RecordingFile' }))
      .describe(
        'The files that were recognised in "files"; sizes are in the unit of the platform, null if it sent none',
      ),
    files_truncated: z.literal(true).optional().describe('The list of files was too long; the event log has all of it'),
    reason: nullableText.describe('Why the recording failed'),
  })
  .meta({ id: 'Recording' })

export const roomDetailsSchema = z
  .strictObject({
    room: roomSchema,
    participants: z.array(participantSchema).describe('Present ones first, then those who left'),
    recordings: z.array(recordingSchema).describe('The newest; none on the pages after the first'),
    cursor: nullableText.describe('Continues the participants; null on the last page'),
  })
  .meta({ id: 'RoomDetails' })

export const eventSchema = z
  .strictObject({
    trace_id: text,
    event: text,
    received_at: time,
    source: z.enum(['callback', 'reconcile']),
    params: z
      .record(z.string(), z.string())
      .describe('The parameters as sent, without check_code; the value of token is redacted'),
    quarantined: text.optional().describe('Why the event was not applied; absent if it was'),
  })
  .meta({ id: 'Event' })
