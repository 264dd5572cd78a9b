import { z } from 'zod'

// The shapes of the contract, section 6. They check each answer before it leaves, and are what the OpenAPI document says.

const time = z.iso.datetime({ precision: 3 }).meta({ id: 'Time', description: 'ISO 8601, UTC, with milliseconds' })
const maybeTime = time.nullable()
const text = z.string()
const maybeText = text.nullable()
const count = z.int().min(0)

export const roomSchema = z
  .strictObject({
    room_id: text,
    status: z.enum(['open', 'closed']),
    opened_at: maybeTime.describe('null where it was closed without an open ever seen'),
    closed_at: maybeTime,
    close_reason: maybeText.describe('user, auto or reconciled'),
    reopened: count.describe('opened while open: a media server came back after a crash'),
    present: count.describe('people in it now'),
    estimated: z.boolean().describe('its opening or closing is inferred, not told'),
    last_event_at: maybeTime,
  })
  .meta({ id: 'Room' })

const subscriptionSchema = z
  .strictObject({ stream_id: text, stream_type: text.describe('audio, video or desktop'), since: time })
  .meta({ id: 'Subscription' })

const streamSchema = z
  .strictObject({
    stream_id: text,
    stream_type: text.describe('audio, video or desktop'),
    resolution: maybeText,
    since: time,
  })
  .meta({ id: 'Stream' })

export const participantSchema = z
  .strictObject({
    user_id: text,
    user_name: maybeText,
    status: z.enum(['in_room', 'left']),
    joined_at: maybeTime,
    left_at: maybeTime,
    leave_reason: maybeText.describe('normal, client_kick, server_kick, offline, reconciled or room_closed'),
    endpoint_type: maybeText,
    reconnects: count,
    estimated: z.boolean(),
    streams: z.array(streamSchema).describe('what the person sends now'),
    subscriptions: z.array(subscriptionSchema).describe('what the person receives now'),
  })
  .meta({ id: 'Participant' })

export const recordingStatuses = ['recording', 'stuck', 'stopped', 'ready', 'failed'] as const

export const recordingSchema = z
  .strictObject({
    room_id: text,
    exporter_id: maybeText,
    exporter_type: maybeText,
    status: z.enum(recordingStatuses).describe('stuck: still recording in a room that closed over an hour ago'),
    started_at: maybeTime,
    stopped_at: maybeTime,
    ready_at: maybeTime,
    files: z
      .unknown()
      .describe('what the platform said of the files: JSON where it was JSON, else text; null: nothing'),
    reason: maybeText.describe('of a failure'),
  })
  .meta({ id: 'Recording' })

export const roomDetailsSchema = z
  .strictObject({
    room: roomSchema,
    participants: z.array(participantSchema),
    recordings: z.array(recordingSchema),
  })
  .meta({ id: 'RoomDetails' })

export const eventSchema = z
  .strictObject({
    trace_id: text,
    event: text,
    received_at: time,
    source: z.enum(['callback', 'reconcile']),
    params: z.record(z.string(), z.string()).describe('as sent, without check_code; the value of token is redacted'),
    quarantined: text.optional().describe('why it has no effect, where it has none'),
  })
  .meta({ id: 'Event' })

const session = {
  user_id: text,
  user_name: maybeText,
  joined_at: time,
  left_at: maybeTime.describe('null while in the room'),
  seconds: count.nullable().describe('null while in the room'),
  leave_reason: maybeText,
  endpoint_type: maybeText,
  reconnects: count,
  estimated: z.boolean(),
}

export const sessionSchema = z.strictObject(session).meta({ id: 'Session' })
export const userSessionSchema = z.strictObject({ room_id: text, ...session }).meta({ id: 'UserSession' })

export const boxSchema = z
  .strictObject({
    box_code: text,
    last_warning_at: time,
    ports: z.array(z.strictObject({ type: text, port: z.int(), last_seen_at: time })),
    alerts_sent: count,
    alerts_suppressed: count,
  })
  .meta({ id: 'Box' })

export const statsSchema = z
  .strictObject({
    rooms_open: count,
    participants_present: count,
    events_last_hour: count,
    drift_last_sweep: count.nullable(),
    last_sweep_at: maybeTime,
    last_sweep_ok: z.boolean().nullable(),
    dead_letters: count,
    queue_depth: count.describe('events that wait to be applied'),
    last_event_at: maybeTime.describe('when the latest event was applied'),
    reconciliation: z.enum(['on', 'off']).nullable().describe('off: no platform is configured'),
  })
  .meta({ id: 'Stats' })

export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.strictObject({ items: z.array(item), cursor: maybeText.describe('of the next page; null: this is the last') })

export const problemSchema = z
  .strictObject({ ret: z.int().describe('never 0'), msg: text.describe('what is wrong') })
  .meta({ id: 'Problem' })
