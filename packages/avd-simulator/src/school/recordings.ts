import type { ScriptedRecording } from './school.ts'
import type { ScriptRecorder } from './script-recorder.ts'

const secondMs = 1000
const minuteMs = 60 * secondMs

type RecordedLesson = {
  readonly room_id: string
  /** ms since 1970 */
  readonly from: number
  readonly to: number
  /** Number of the lesson. It decides what is recorded, and how that ends. */
  readonly index: number
  readonly isInProgress: boolean
}

const mainExporter = 'exporter-a'
const secondExporter = 'exporter-b'
const exporter_type = 'mp4'

/** Writes the recordings of a lesson: by one exporter or two, some of which fail to start or to convert their files. */
export function writeRecordings(recorder: ScriptRecorder, lesson: RecordedLesson): void {
  const { room_id, from, to, index, isInProgress } = lesson
  if (index % 5 === 2) writeFailedStart(recorder, room_id, `exporter-busy-${index}`, from + 50 * secondMs)
  const record = (exporter_id: string, ending: RecordingEnding) =>
    writeRecording(recorder, { room_id, exporter_id, from: from + minuteMs, to }, ending)
  if (isInProgress) record(mainExporter, 'none')
  else record(mainExporter, index % 7 === 4 ? 'failed' : 'ready')
  if (isInProgress || index % 3 !== 0) return
  record(secondExporter, index % 6 === 0 ? 'stopped_and_ready' : 'stopped')
}

/** `none`: no callback about the end arrives. */
type RecordingEnding = 'none' | 'ready' | 'failed' | 'stopped' | 'stopped_and_ready'

/** Writes one recording. @param plan times in ms since 1970. @param status of a recording without an end. */
export function writeRecording(
  recorder: ScriptRecorder,
  plan: { readonly room_id: string; readonly exporter_id: string; readonly from: number; readonly to: number },
  ending: RecordingEnding,
  status: 'recording' | 'stuck' = 'recording',
): void {
  const { room_id, exporter_id, from, to } = plan
  const start_time = String(Math.floor(from / secondMs))
  const identity = { room_id, exporter_id, exporter_type, start_time }
  const file = { file: `/record/${room_id}/${exporter_id}-${start_time}.${exporter_type}`, size: to - from }
  const options = JSON.stringify([file])
  const isStopped = ending === 'stopped' || ending === 'stopped_and_ready'
  recorder.send(from, { event: 'start_record', event_type: 'success', ...identity })
  const stop_time = String(Math.floor(to / secondMs))
  if (isStopped) recorder.send(to, { event: 'stop_record', event_type: 'success', ...identity, stop_time, options })
  const completion = { event: 'record_transcoding_completion', ...identity }
  const reason = ending === 'failed' ? '转码失败: disk full' : null
  if (reason !== null) recorder.send(to + 10 * minuteMs, { ...completion, event_type: 'faild', options: reason })
  if (ending === 'ready' || ending === 'stopped_and_ready')
    recorder.send(to + 10 * minuteMs, { ...completion, event_type: 'success', options })
  const names = file.file.split('/')
  const files = ending === 'none' || ending === 'failed' ? [] : [{ name: names.at(-1) ?? '', size: file.size }]
  const startedAt = Number(start_time) * secondMs
  recorder.recordings.push({ room_id, exporter_id, startedAt, files, reason, status: statusOf(ending, status) })
}

function statusOf(ending: RecordingEnding, status: 'recording' | 'stuck'): ScriptedRecording['status'] {
  if (ending === 'none') return status
  return ending === 'stopped_and_ready' ? 'ready' : ending
}

function writeFailedStart(recorder: ScriptRecorder, room_id: string, exporter_id: string, at: number): void {
  const reason = '录制服务忙: no exporter'
  const parameters = { room_id, exporter_id, exporter_type, event_type: 'faild', options: reason }
  recorder.send(at, { event: 'start_record', ...parameters })
  recorder.recordings.push({ room_id, exporter_id, startedAt: Math.round(at), files: [], reason, status: 'failed' })
}
