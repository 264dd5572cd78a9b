import type { ModelEvent } from './logged-event.ts'

/** Times are ms since 1970. */
export interface ModelRecording {
  readonly exporterId: string | null
  readonly status: 'recording' | 'stopped' | 'ready' | 'failed'
  readonly startedAt: number | null
  readonly stoppedAt: number | null
  readonly readyAt: number | null
  readonly files: string | null
  readonly reason: string | null
}

type Fields = Omit<ModelRecording, 'startedAt' | 'stoppedAt'>
type Draft = { -readonly [Key in keyof Fields]: Fields[Key] } & {
  /** Identifies the start: an instant, or a text that is not one. */
  start: number | string | null
  startReportedAt: number | null
  /** The latest `stop_time`. */
  sentStopAt: number | null
  stopReportedAt: number | null
  /** When its first event was received (ms). */
  readonly firstEventAt: number
}

/**
 * Folds the events of one exporter (section 4, Recording).
 *
 * @param history in order.
 * @param parseTime ms since 1970 of a `start_time` or `stop_time`; undefined if it is not a time.
 * @returns in the order of their starts.
 */
export function foldRecordings(
  history: readonly ModelEvent[],
  parseTime: (text: string) => number | undefined,
): ModelRecording[] {
  const recordings: Draft[] = []
  for (const event of history) {
    const outcome = outcomeOf(event)
    // "An event with an unknown `event_type` changes nothing."
    if (outcome === undefined) continue
    const text = event.params.start_time
    const start = text === undefined ? null : (parseTime(text) ?? text)
    const recording = findRecording(recordings, event, start, outcome)
    advance(recording, event, outcome, parseTime)
  }
  const sorted = recordings.toSorted((one, other) => timeOf(one) - timeOf(other))
  return sorted.map(({ exporterId, status, readyAt, files, reason, ...times }) => {
    const stoppedAt = times.sentStopAt ?? times.stopReportedAt
    return { exporterId, status, startedAt: showStart(status, times), stoppedAt, readyAt, files, reason }
  })
}

type Outcome = 'success' | 'failed'

function outcomeOf({ params }: ModelEvent): Outcome | undefined {
  const sent = params.event_type?.toLowerCase() ?? ''
  if (sent === 'success') return 'success'
  return ['faild', 'failed', 'fail'].includes(sent) ? 'failed' : undefined
}

/** "a start_time that differs *as an instant* from the current recording's begins another one, an event without start_time belongs to the latest" */
function findRecording(recordings: Draft[], event: ModelEvent, start: Draft['start'], outcome: Outcome): Draft {
  const latest = findLatest(recordings)
  if (start === null && latest !== undefined) return latest
  const same = recordings.find((recording) => start !== null && recording.start === start)
  if (same !== undefined) return same
  // "A recording without a start takes the first one that comes, except that a successful `start_record` after a failed start begins another"
  const isAnother = event.name === 'start_record' && outcome === 'success' && latest?.status === 'failed'
  if (latest !== undefined && latest.start === null && !isAnother) {
    latest.start = start
    return latest
  }
  const recording: Draft = {
    exporterId: event.params.exporter_id ?? null,
    status: 'recording',
    readyAt: null,
    startReportedAt: null,
    sentStopAt: null,
    stopReportedAt: null,
    files: null,
    reason: null,
    start: null,
    firstEventAt: event.at,
  }
  recording.start = start
  recordings.push(recording)
  return recording
}

/** The one with the latest start. If one of two has no readable start, the one that began later is the latest. */
function findLatest(recordings: readonly Draft[]): Draft | undefined {
  return recordings.reduce<Draft | undefined>((latest, next) => {
    const isEarlier = typeof latest?.start === 'number' && typeof next.start === 'number' && next.start < latest.start
    return isEarlier ? latest : next
  }, undefined)
}

/**
 * "`started_at` of a failed start is when its report was received; a start that is not readable counts as the time of the first report"
 * (section 6).
 */
function showStart(
  status: Draft['status'],
  { start, startReportedAt, firstEventAt }: Pick<Draft, 'start' | 'startReportedAt' | 'firstEventAt'>,
): number | null {
  if (typeof start === 'number') return start
  return startReportedAt ?? (status === 'failed' && start === null ? firstEventAt : null)
}

function timeOf({ start, firstEventAt }: Draft): number {
  return typeof start === 'number' ? start : firstEventAt
}

/** "`recording` → `stopped` → `ready`, or `failed` with the reason, which gives way to `ready`; otherwise never backwards" */
function advance(
  recording: Draft,
  { name, at, params }: ModelEvent,
  outcome: Outcome,
  parseTime: (text: string) => number | undefined,
): void {
  const options = params.options ?? null
  if (name === 'stop_record') {
    recording.sentStopAt = parseTime(params.stop_time ?? '') ?? recording.sentStopAt
    recording.stopReportedAt ??= at
  }
  if (outcome === 'failed') {
    if (recording.status === 'ready' || recording.status === 'failed') return
    recording.status = 'failed'
    recording.reason = options
    return
  }
  if (name === 'start_record') {
    recording.startReportedAt ??= at
    return
  }
  if (name === 'stop_record') {
    if (recording.status !== 'ready') recording.files = options ?? recording.files
    if (recording.status === 'recording') recording.status = 'stopped'
    return
  }
  recording.files = options ?? recording.files
  recording.status = 'ready'
  recording.readyAt ??= at
  recording.reason = null
}
