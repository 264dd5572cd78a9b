import type { DocumentedEventName } from '../core/protocol/events.ts'

/** What the document says about an event (docs/protocol.md, Events). */
interface DocumentedEvent {
  /** Always present, besides `event` and `trace_id`. */
  readonly required: readonly string[]
  /** The values of `event_type`. */
  readonly eventTypes: readonly string[]
}

const user = ['room_id', 'user_id']
const stream = [...user, 'stream_type', 'stream_id']
const recording = ['room_id', 'event_type', 'exporter_type', 'exporter_id']
const outcomes = ['success', 'faild']

const descriptions: Readonly<Record<DocumentedEventName, DocumentedEvent>> = {
  open: { required: ['room_id'], eventTypes: [] },
  close: { required: ['room_id', 'event_type'], eventTypes: ['user', 'auto'] },
  join: { required: [...user, 'event_type', 'endpoint_type'], eventTypes: ['normal'] },
  leave: { required: [...user, 'event_type'], eventTypes: ['normal', 'clientKick', 'serverKick', 'offline'] },
  publish: { required: stream, eventTypes: [] },
  unpublish: { required: stream, eventTypes: [] },
  sub: { required: stream, eventTypes: [] },
  unsub: { required: stream, eventTypes: [] },
  update: { required: [...user, 'event_type'], eventTypes: ['userInfo'] },
  start_record: { required: recording, eventTypes: outcomes },
  stop_record: { required: ['room_id', 'event_type', 'start_time', 'stop_time'], eventTypes: outcomes },
  record_transcoding_completion: { required: [...recording, 'start_time'], eventTypes: outcomes },
  warning_notify: { required: ['event_type', 'box_code', 'options'], eventTypes: ['check_port'] },
}

/** By the name of the event. */
export const eventDescriptions: Readonly<Record<string, DocumentedEvent>> = descriptions

/** The values that the document names, by parameter. */
export const documentedValues: Readonly<Record<string, readonly string[]>> = {
  event: Object.keys(eventDescriptions),
  event_type: [
    ...new Set(Object.values(eventDescriptions).flatMap(({ eventTypes }) => eventTypes)),
    ...['clientkick', 'serverkick', 'failed', 'fail'],
  ],
  endpoint_type: ['web', 'win', 'ios', 'androidHW', 'android', 'weixin', 'mac', 'pstn', 'sip', 'h323'],
  stream_type: ['audio', 'video', 'desktop'],
}
