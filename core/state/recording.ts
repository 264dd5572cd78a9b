import type { EventData, KnownEventData, NorthboundEvent } from '../protocol/events.ts'
import { parseWireTime } from '../protocol/wire-time.ts'
import { timeKey } from './order.ts'
import { truncateFiles } from './recording-files.ts'

/** In the order in which a recording progresses; it never goes back. */
const statuses = ['recording', 'stopped', 'failed', 'ready'] as const
export type RecordingStatus = (typeof statuses)[number]

/** One recording of an exporter. Times in ms. */
export type Recording = {
  readonly exporter_id: string | null
  readonly exporter_type: string | null
  readonly status: RecordingStatus
  /** As sent, because its format is not documented. */
  readonly start_time: string | null
  /** `start_time` as an instant; null if it is missing or not readable. */
  readonly start_instant: number | null
  readonly stop_time: string | null
  /** Times of receipt, used if the platform sent no readable time. */
  readonly started_seen_at: number | null
  readonly stopped_seen_at: number | null
  readonly ready_at: number | null
  /** The file information in `options`, as sent: usually JSON. */
  readonly files: string | null
  /** Set if `files` was too long and was truncated. */
  readonly files_truncated?: true
  readonly reason: string | null
  /** Time of receipt of the first event of this recording. */
  readonly first_event_at: number
  readonly last_event_at: number
}

type RecordingEventData = Extract<KnownEventData, { exporter_type?: unknown }>

/** `instant`: ms; undefined if the text is not a readable time. */
type Start = { readonly text: string; readonly instant: number | undefined }

/** An event of a recording, with the start that it names. `received_at`: ms. */
export type RecordingEvent = {
  readonly received_at: number
  readonly data: RecordingEventData
  readonly start: Start | undefined
}

/** Characters. The log keeps the reason in full. */
const maxReasonLength = 1000

/**
 * @param timeZone IANA time zone of a `start_time` without an offset.
 * @returns undefined for an event that has no effect: of another kind, or with an unknown `event_type`.
 */
export function readRecordingEvent(
  { data, received_at }: NorthboundEvent,
  timeZone: string,
): RecordingEvent | undefined {
  if (!isRecordingEvent(data) || data.event_type === 'unknown') return undefined
  const { start_time: text } = data
  return { received_at, data, start: text === undefined ? undefined : { text, instant: parseWireTime(text, timeZone) } }
}

function isRecordingEvent(data: EventData): data is RecordingEventData {
  return ['start_record', 'stop_record', 'record_transcoding_completion'].includes(data.event)
}

/** Identifies a recording among those of its exporter. Sorting the keys sorts recordings with readable times by start. */
export function recordingKey({ start_instant, start_time }: Recording): string {
  if (start_instant !== null) return timeKey(start_instant)
  return start_time === null ? 'untimed' : `text ${start_time}`
}

/** When a recording started or, if that is unknown, when its first event was received. ms. Lists are sorted by it. */
export function recordingTime({ start_instant, first_event_at }: Recording): number {
  return start_instant ?? first_event_at
}

/** Whether a recording has this start: the same instant or, if it is not a readable time, the same text. */
export function hasStart({ start_instant, start_time }: Recording, start: Start | undefined): boolean {
  if (start?.instant !== undefined) return start.instant === start_instant
  return start_instant === null && start_time === start?.text
}

/** Whether a recording started before another one. Without readable times, the one reported first is the earlier one. */
export function isEarlier(recording: Recording, other: Recording): boolean {
  if (recording.start_instant === null || other.start_instant === null) return false
  return recording.start_instant < other.start_instant
}

/** The recording that an event begins. */
export function beginRecording(event: RecordingEvent): Recording {
  const empty: Recording = {
    exporter_id: null,
    exporter_type: null,
    status: 'recording',
    start_time: null,
    start_instant: null,
    stop_time: null,
    started_seen_at: null,
    stopped_seen_at: null,
    ready_at: null,
    files: null,
    reason: null,
    first_event_at: event.received_at,
    last_event_at: event.received_at,
  }
  return continueRecording(empty, event)
}

/** Applies an event. `ready` replaces `failed`, because existing files prove that the failure was not final. */
export function continueRecording(recording: Recording, event: RecordingEvent): Recording {
  const { data, received_at } = event
  const known = { ...mergeFacts(recording, event), last_event_at: received_at }
  if (data.event_type === 'failed') {
    const reason = known.status === 'failed' ? known.reason : truncateReason(data.options)
    return known.status === 'ready' ? known : { ...known, status: 'failed', reason }
  }
  switch (data.event) {
    case 'start_record':
      return advance({ ...known, started_seen_at: known.started_seen_at ?? received_at }, 'recording')
    case 'stop_record':
      // The completion's file list, which platforms have sent since 2024-07-04, takes precedence over this one.
      return advance(known.status === 'ready' ? known : mergeFiles(known, data.options), 'stopped')
    case 'record_transcoding_completion': {
      const ready = { ...known, ready_at: known.ready_at ?? received_at, reason: null }
      return advance(mergeFiles(ready, data.options), 'ready')
    }
  }
}

/** What holds whether or not the event reports a failure. */
function mergeFacts(recording: Recording, { data, start, received_at }: RecordingEvent): Recording {
  return {
    ...recording,
    exporter_id: data.exporter_id ?? recording.exporter_id,
    exporter_type: data.exporter_type ?? recording.exporter_type,
    start_time: start?.text ?? recording.start_time,
    start_instant: start?.instant ?? recording.start_instant,
    stop_time: ('stop_time' in data ? data.stop_time : undefined) ?? recording.stop_time,
    stopped_seen_at: recording.stopped_seen_at ?? (data.event === 'stop_record' ? received_at : null),
  }
}

function truncateReason(reason: string | undefined): string | null {
  return reason?.slice(0, maxReasonLength).toWellFormed() ?? null
}

function mergeFiles(recording: Recording, options: string | undefined): Recording {
  if (options === undefined) return recording
  const { files_truncated: _, ...rest } = recording
  const { files, isTruncated } = truncateFiles(options)
  return { ...rest, files, ...(isTruncated && { files_truncated: true }) }
}

function advance(recording: Recording, status: RecordingStatus): Recording {
  return statuses.indexOf(status) < statuses.indexOf(recording.status) ? recording : { ...recording, status }
}
