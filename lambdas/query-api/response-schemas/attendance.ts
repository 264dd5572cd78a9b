import { z } from 'zod'
import { count, nullableText, nullableTime, text, time } from './fields.ts'

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

export const personSchema = z
  .strictObject({
    user_id: text,
    user_name: nullableText,
    last_seen_at: time.describe(
      'Now for a person who is in a room; otherwise the last time in the room of the last entry',
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
