import type { RecordingRow } from '../ports/catalog-reader.ts'
import { parseWireTime } from '../protocol/wire-time.ts'
import { type Recording, recordingTime } from '../state/recording.ts'
import { parseForOutput } from './exact-numbers.ts'
import { isoTime } from './iso-time.ts'
import { listFiles } from './recording-files.ts'

/** The input of a presenter besides the state. */
export type PresentationContext = {
  /** IANA time zone of platform times without an offset. */
  readonly timeZone: string
  /** ms since 1970 */
  readonly now: number
}

/** A recording is stuck if it is still running this long after its room closed (docs/contract.md, section 4). */
const stuckAfterMs = 3_600_000

/** Recordings on a room page; `GET /api/recordings?room_id=` lists all. */
const maxRoomRecordings = 100
const maxRoomRecordingBytes = 512 * 1024

/** @param roomClosedAt ms since 1970; null if the room is open. */
export function presentRecording(
  { room_id, recording }: RecordingRow,
  roomClosedAt: number | null,
  { timeZone, now }: PresentationContext,
) {
  const { exporter_id, exporter_type, files, files_truncated, reason } = recording
  // Prefer the time that the platform sent; fall back to when its event was received.
  const timeOf = (sent: string | null, receivedAt: number | null) =>
    isoTime((sent === null ? undefined : parseWireTime(sent, timeZone)) ?? receivedAt)
  return {
    room_id,
    exporter_id,
    exporter_type,
    status: isStuck(recording, roomClosedAt, now) ? ('stuck' as const) : recording.status,
    started_at: timeOf(recording.start_time, recording.started_seen_at ?? failedStartTime(recording)),
    stopped_at: timeOf(recording.stop_time, recording.stopped_seen_at),
    ready_at: isoTime(recording.ready_at),
    files: files === null ? null : parseFiles(files),
    file_list: listFiles(files),
    ...(files_truncated && { files_truncated }),
    reason,
  }
}

/** Only the report of a failed start has no `start_time` (docs/protocol.md, Events). */
function failedStartTime({ status, start_time, first_event_at }: Recording): number | null {
  return status === 'failed' && start_time === null ? first_event_at : null
}

export type PresentedRecording = ReturnType<typeof presentRecording>

/** Presents the newest recordings, as many as a room page shows. @param roomClosedAt ms since 1970; null if the room is open. */
export function presentNewest(
  room_id: string,
  recordings: readonly Recording[],
  roomClosedAt: number | null,
  context: PresentationContext,
): PresentedRecording[] {
  let bytes = 0
  const newest = recordings
    .toSorted(compareNewestFirst)
    .slice(0, maxRoomRecordings)
    .map((recording) => presentRecording({ room_id, recording }, roomClosedAt, context))
  const end = newest.findIndex((recording) => {
    bytes += Buffer.byteLength(JSON.stringify(recording))
    return bytes > maxRoomRecordingBytes
  })
  return end === -1 ? newest : newest.slice(0, Math.max(1, end))
}

/** Compares as the list of all rooms is sorted: a recording without a known start is in it by the time of its first event. */
export function compareNewestFirst(left: Recording, right: Recording): number {
  return recordingTime(right) - recordingTime(left)
}

function isStuck({ status }: Recording, roomClosedAt: number | null, now: number): boolean {
  return status === 'recording' && roomClosedAt !== null && now - roomClosedAt > stuckAfterMs
}

/** Numbers keep their digits. Returns the text itself if it is not JSON, or is nested too deeply to be serialized again. */
function parseFiles(files: string): unknown {
  try {
    const parsed = parseForOutput(files)
    JSON.stringify(parsed)
    return parsed
  } catch {
    return files
  }
}
