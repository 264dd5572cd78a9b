import type { ApiRecording } from '../api-types.ts'

/** Times in ms since 1970. */
export type RecordedInterval = {
  readonly from: number
  /** Undefined if the end is not known. */
  readonly to: number | undefined
  readonly goesOn: boolean
  readonly isFailed: boolean
  /** Type and id of what makes the recording. */
  readonly exporter: string
}

/**
 * Divides recordings into rows so that those of a row do not overlap. A recording without a known end goes on only if it runs;
 * one that failed, or whose stop was not reported, is a moment.
 *
 * @param endMs until when a running recording is known to go on, in ms since 1970.
 */
export function stackRecordings(recordings: readonly ApiRecording[], endMs: number): RecordedInterval[][] {
  const intervals = recordings
    .flatMap((recording) => findInterval(recording, endMs))
    .sort((one, other) => one.from - other.from)
  const rows: RecordedInterval[][] = []
  for (const interval of intervals) {
    const row = rows.find((candidate) => endOf(candidate.at(-1)) <= interval.from)
    if (row === undefined) rows.push([interval])
    else row.push(interval)
  }
  return rows
}

const endOf = (interval: RecordedInterval | undefined) => interval?.to ?? interval?.from ?? Number.NEGATIVE_INFINITY

function findInterval(recording: ApiRecording, endMs: number): RecordedInterval[] {
  const { started_at, stopped_at, status, exporter_type, exporter_id } = recording
  if (started_at === null) return []
  const from = Date.parse(started_at)
  const goesOn = stopped_at === null && status === 'recording'
  const to = stopped_at === null ? endMs : Date.parse(stopped_at)
  return [
    {
      from,
      to: stopped_at === null && !goesOn ? undefined : Math.max(from, to),
      goesOn,
      isFailed: status === 'failed',
      exporter: [exporter_type, exporter_id].filter((text) => text !== null).join(' '),
    },
  ]
}
