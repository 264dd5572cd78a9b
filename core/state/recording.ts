import type { EventData, KnownEventData, NorthboundEvent } from '../protocol/events.ts'

/** In the order in which a recording goes on; it never goes back. */
const statuses = ['recording', 'stopped', 'failed', 'ready'] as const
export type RecordingStatus = (typeof statuses)[number]

export type RecordingState = {
  readonly kind: 'recording'
  readonly exporter_id: string | null
  readonly exporter_type: string | null
  readonly status: RecordingStatus
  /** As sent: the document does not say the format. `core/protocol/wire-time.ts` reads it. */
  readonly start_time: string | null
  readonly stop_time: string | null
  /** ms: when the events came in, for where the wire has no time. */
  readonly started_seen_at: number | null
  readonly stopped_seen_at: number | null
  readonly ready_at: number | null
  /** What `options` said of the files, as sent: mostly JSON. */
  readonly files: string | null
  readonly reason: string | null
}

const begun: RecordingState = {
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

type RecordingFacts = Extract<KnownEventData, { exporter_type?: unknown }>

/**
 * Contract, section 4, Recording. `failed` gives way to `ready`: files that are there prove the failure was
 * not the last word. An event with an unknown `event_type` has no effect.
 */
export function evolveRecording(state: RecordingState | undefined, event: NorthboundEvent): RecordingState | undefined {
  const { data, received_at } = event
  if (!isAboutRecording(data) || data.event_type === 'unknown') return state
  const known = identified(state ?? begun, data)
  if (data.event_type === 'failed') {
    const reason = known.status === 'failed' ? known.reason : (data.options ?? null)
    return known.status === 'ready' ? known : { ...known, status: 'failed', reason }
  }
  switch (data.event) {
    case 'start_record':
      return advanced({ ...known, started_seen_at: known.started_seen_at ?? received_at }, 'recording')
    case 'stop_record': {
      const stopped = { ...known, stopped_seen_at: known.stopped_seen_at ?? received_at }
      // The completion's file list is the better one (document: since 2024-07-04 it replaces this one).
      return advanced(known.status === 'ready' ? stopped : withFiles(stopped, data.options), 'stopped')
    }
    case 'record_transcoding_completion': {
      const ready = { ...known, ready_at: known.ready_at ?? received_at, reason: null }
      return advanced(withFiles(ready, data.options), 'ready')
    }
  }
}

function isAboutRecording(data: EventData): data is RecordingFacts {
  return ['start_record', 'stop_record', 'record_transcoding_completion'].includes(data.event)
}

function identified(state: RecordingState, data: RecordingFacts): RecordingState {
  return {
    ...state,
    exporter_id: data.exporter_id ?? state.exporter_id,
    exporter_type: data.exporter_type ?? state.exporter_type,
    start_time: data.start_time ?? state.start_time,
    stop_time: ('stop_time' in data ? data.stop_time : undefined) ?? state.stop_time,
  }
}

function withFiles(state: RecordingState, options: string | undefined): RecordingState {
  return options === undefined ? state : { ...state, files: options }
}

function advanced(state: RecordingState, status: RecordingStatus): RecordingState {
  return statuses.indexOf(status) < statuses.indexOf(state.status) ? state : { ...state, status }
}
