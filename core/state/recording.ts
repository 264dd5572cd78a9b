import type { EventData, KnownEventData, NorthboundEvent } from '../protocol/events.ts'

/** In the order in which a recording progresses; it never goes back. */
const statuses = ['recording', 'stopped', 'failed', 'ready'] as const
export type RecordingStatus = (typeof statuses)[number]

export type RecordingState = {
  readonly kind: 'recording'
  readonly exporter_id: string | null
  readonly exporter_type: string | null
  readonly status: RecordingStatus
  /** As sent, because its format is not documented. `core/protocol/wire-time.ts` parses it. */
  readonly start_time: string | null
  readonly stop_time: string | null
  /** ms: times of receipt, used if the platform sent no readable time. */
  readonly started_seen_at: number | null
  readonly stopped_seen_at: number | null
  readonly ready_at: number | null
  /** The file information in `options`, as sent: usually JSON. */
  readonly files: string | null
  readonly reason: string | null
}

const initialState: RecordingState = {
  kind: 'recording',
  exporter_id: null,
  exporter_type: null,
  status: 'recording',
  start_time: null,
  stop_time: null,
  started_seen_at: null,
  stopped_seen_at: null,
  ready_at: null,
  files: null,
  reason: null,
}

type RecordingEventData = Extract<KnownEventData, { exporter_type?: unknown }>

/**
 * Applies an event to a recording (docs/contract.md, section 4).
 *
 * `ready` replaces `failed`, because existing files prove that the failure was not final.
 * An event with an unknown `event_type` has no effect.
 */
export function evolveRecording(state: RecordingState | undefined, event: NorthboundEvent): RecordingState | undefined {
  const { data, received_at } = event
  if (!isRecordingEvent(data) || data.event_type === 'unknown') return state
  const known = mergeIdentity(state ?? initialState, data)
  if (data.event_type === 'failed') {
    const reason = known.status === 'failed' ? known.reason : (data.options ?? null)
    return known.status === 'ready' ? known : { ...known, status: 'failed', reason }
  }
  switch (data.event) {
    case 'start_record':
      return advance({ ...known, started_seen_at: known.started_seen_at ?? received_at }, 'recording')
    case 'stop_record': {
      const stopped = { ...known, stopped_seen_at: known.stopped_seen_at ?? received_at }
      // The completion's file list, which platforms have sent since 2024-07-04, takes precedence over this one.
      return advance(known.status === 'ready' ? stopped : mergeFiles(stopped, data.options), 'stopped')
    }
    case 'record_transcoding_completion': {
      const ready = { ...known, ready_at: known.ready_at ?? received_at, reason: null }
      return advance(mergeFiles(ready, data.options), 'ready')
    }
  }
}

function isRecordingEvent(data: EventData): data is RecordingEventData {
  return ['start_record', 'stop_record', 'record_transcoding_completion'].includes(data.event)
}

function mergeIdentity(state: RecordingState, data: RecordingEventData): RecordingState {
  return {
    ...state,
    exporter_id: data.exporter_id ?? state.exporter_id,
    exporter_type: data.exporter_type ?? state.exporter_type,
    start_time: data.start_time ?? state.start_time,
    stop_time: ('stop_time' in data ? data.stop_time : undefined) ?? state.stop_time,
  }
}

function mergeFiles(state: RecordingState, options: string | undefined): RecordingState {
  return options === undefined ? state : { ...state, files: options }
}

function advance(state: RecordingState, status: RecordingStatus): RecordingState {
  return statuses.indexOf(status) < statuses.indexOf(state.status) ? state : { ...state, status }
}
