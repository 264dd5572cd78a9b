import { z } from 'zod'
import { sweepAlertKinds } from '../../core/notifications/sweep-alerts.ts'

// The response shapes of docs/contract.md, section 6. They validate every JSON response and define the OpenAPI document.

const time = z.iso.datetime({ precision: 3 }).meta({ id: 'Time', description: 'ISO 8601, UTC, with milliseconds' })
const nullableTime = time.nullable()
const text = z.string()
const nullableText = text.nullable()
const count = z.int().min(0)

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

const session = {
  user_id: text,
  user_name: nullableText,
  joined_at: time,
  left_at: nullableTime.describe('Null while the user is in the room'),
  seconds: count.nullable().describe('Null while the user is in the room'),
  leave_reason: nullableText,
  endpoint_type: nullableText,
  reconnects: count,
  estimated: z.boolean(),
}

export const sessionSchema = z.strictObject(session).meta({ id: 'Session' })
export const userSessionSchema = z.strictObject({ room_id: text, ...session }).meta({ id: 'UserSession' })

export const meetingSchema = z
  .strictObject({
    room_id: text,
    opened_at: time.describe('When the room was opened, or the first person came if the opening is only inferred'),
    closed_at: nullableTime.describe('When the room was closed, or the last person left; null while the meeting lasts'),
    close_reason: nullableText.describe('user, auto, reconciled or unknown; auto also if everybody left'),
    seconds: count.describe('Until now while the meeting lasts'),
    people: count.describe('Number of different people'),
    peak: count.describe('The most people at the same time'),
    person_seconds: count.describe('The time of all people together'),
    estimated: z.boolean().describe('The start or the end was inferred, not reported'),
  })
  .meta({ id: 'Meeting' })

export const attendanceSchema = z
  .strictObject({
    user_id: text,
    user_name: nullableText,
    first_joined_at: time.describe('When the first session began, which can be before the interval'),
    last_left_at: nullableTime.describe(
      'When the last session ended, which can be after the interval; null while present',
    ),
    seconds: count.describe('The time of all sessions within the interval, until now while the user is in the room'),
    sessions: count,
    reconnects: count,
    endpoint_types: z.array(text).describe('In the order of use'),
    estimated: z.boolean().describe('A start or an end was inferred, not reported'),
  })
  .meta({ id: 'Attendance' })

export const timelineSchema = z
  .strictObject({
    room_id: text,
    from: time,
    to: time,
    people: z
      .array(
        z
          .strictObject({
            user_id: text,
            user_name: nullableText,
            sessions: z.array(
              z
                .strictObject({
                  joined_at: time,
                  left_at: nullableTime,
                  leave_reason: nullableText,
                  endpoint_type: nullableText,
                  estimated: z.boolean(),
                })
                .meta({ id: 'TimelineSession' }),
            ),
            streams: z
              .array(
                z
                  .strictObject({
                    stream_type: text,
                    from: time,
                    to: nullableTime.describe('Null if it was on at the end of the interval'),
                  })
                  .meta({ id: 'TimelineStream' }),
              )
              .describe('When which kind of stream was published'),
            reconnected_at: z.array(time).describe('When a new connection replaced an older one'),
          })
          .meta({ id: 'TimelinePerson' }),
      )
      .describe('By the first join'),
    media_known_until: nullableTime.describe(
      'Until when streams and reconnects are known, if there were too many events; null if they all are',
    ),
  })
  .meta({ id: 'Timeline' })

export const boxSchema = z
  .strictObject({
    box_code: text,
    state: z
      .enum(['warning', 'quiet'])
      .describe('quiet: no warning for three alert windows, at least ten minutes; the platform does not report an end'),
    first_warning_at: time.describe('The first warning that no such time without warnings separates from the last one'),
    last_warning_at: time,
    ports: z.array(z.strictObject({ type: text, port: z.int(), first_seen_at: time, last_seen_at: time })),
    alerts_sent: count,
    alerts_suppressed: count,
  })
  .meta({ id: 'Box' })

const sentParameterSchema = z.strictObject({ name: text, value: text }).meta({ id: 'SentParameter' })

export const refusedSchema = z
  .strictObject({
    at: time,
    outcome: text.describe('Why it was refused: the cause that is counted'),
    msg: text.describe('What the sender was told'),
    method: text,
    source_address: text,
    parameters: z
      .array(sentParameterSchema)
      .describe(
        'At most 20, with names of 40 and values of 64 characters. What looks like a secret is redacted, and control characters are escaped',
      ),
  })
  .meta({ id: 'RefusedCallback' })

export const callbacksSchema = z
  .strictObject({
    from: time,
    to: time,
    callbacks: count.describe('Number of genuine callbacks applied in the interval, in whole minutes'),
    kinds: z
      .array(
        z
          .strictObject({
            event: text.describe('An event of the document, or other for all others together'),
            sent_by: z
              .enum(['media_server', 'master'])
              .nullable()
              .describe('The service that sends it; null for other'),
            callbacks: count,
          })
          .meta({ id: 'CallbackCount' }),
      )
      .describe('Every kind, also without callbacks'),
  })
  .meta({ id: 'Callbacks' })

export const statsSchema = z
  .strictObject({
    rooms_open: count,
    participants_present: count,
    callbacks_last_hour: count.describe(
      'Number of genuine callbacks applied in the last hour; corrections do not count',
    ),
    last_callback_at: nullableTime.describe(
      'When the latest genuine callback was received; null if not within retentionDays',
    ),
    drift_last_sweep: count.nullable(),
    last_sweep_at: nullableTime,
    last_sweep_ok: z.boolean().nullable(),
    dead_letters: count,
    queue_depth: count.describe('Number of events waiting to be applied'),
    reconciliation: z
      .enum(['on', 'off'])
      .nullable()
      .describe('off: no platform is configured; null: not known until the first scheduled run'),
    warnings: z
      .array(z.enum([...sweepAlertKinds, 'dead_letters', 'refused_signatures', 'port_check']))
      .describe('What needs attention'),
  })
  .meta({ id: 'Stats' })

export const personSchema = z
  .strictObject({
    user_id: text,
    user_name: nullableText,
    last_seen_at: time.describe(
      'Now for somebody who is in a room; otherwise the last time in the room of the last entry',
    ),
    present_in: z.array(text).describe('The ids of the rooms that the person is in now'),
  })
  .meta({ id: 'Person' })

export const usageSchema = z
  .strictObject({
    period_start: time,
    peak_people: count.describe(
      'The most participants in rooms at the same time; a peak of less than a minute may be missed',
    ),
    peak_rooms: count.describe('The most rooms open at the same time'),
    person_minutes: count.describe('The sum of the participants of all samples'),
    meetings: count.describe('Rooms that were opened, and still open at the next sample'),
    sampled_minutes: count.describe('Minutes that were sampled; fewer than have passed if samples are missing'),
  })
  .meta({ id: 'Usage' })

export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.strictObject({
    items: z.array(item),
    cursor: nullableText.describe('Cursor of the next page; null on the last page'),
  })

/** What API Gateway itself responds. */
export const gatewayProblemSchema = z
  .object({ message: text.describe('What is wrong, in the words of API Gateway') })
  .meta({ id: 'GatewayProblem' })

export const problemSchema = z
  .strictObject({ ret: z.int().describe('Never 0'), msg: text.describe('What is wrong') })
  .meta({ id: 'Problem' })
