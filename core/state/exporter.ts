import type { NorthboundEvent } from '../protocol/events.ts'
import { trackEarlier } from './earlier-recordings.ts'
import {
  beginRecording,
  continueRecording,
  hasStart,
  isEarlier,
  type Recording,
  type RecordingEvent,
  readRecordingEvent,
} from './recording.ts'

/** The recordings of one exporter in one room: the latest, and those before it that a later event can still change. */
export type RecordingState = Recording & {
  readonly kind: 'recording'
  /** Oldest first; absent instead of empty. */
  readonly earlier?: readonly Recording[]
  /** ms: the latest start of those that are no longer in `earlier` and are final; absent if no recording is. */
  readonly final_until?: number
}

export type RecordingRules = {
  /** IANA time zone of a `start_time` without an offset. */
  readonly timeZone: string
}

/** Applies an event to the recordings of its exporter (docs/contract.md, section 4). Events must come in order. */
export function evolveRecordings(
  state: RecordingState | undefined,
  sent: NorthboundEvent,
  { timeZone }: RecordingRules,
): RecordingState | undefined {
  const event = readRecordingEvent(sent, timeZone)
  if (event === undefined) return state
  if (state === undefined) return { kind: 'recording', ...beginRecording(event) }
  const { kind, earlier = [], final_until, ...current } = state
  if (concernsCurrent(current, event))
    return { kind, ...continueRecording(current, event), ...trackEarlier(earlier, final_until) }
  const index = earlier.findLastIndex((recording) => hasStart(recording, event.start))
  const known = earlier[index]
  if (known !== undefined) {
    const changed = earlier.with(index, continueRecording(known, event))
    return { kind, ...current, ...trackEarlier(changed, final_until) }
  }
  if (isFinal(event, final_until)) return state
  const begun = beginRecording(event)
  if (!isEarlier(begun, current)) return { kind, ...begun, ...trackEarlier([...earlier, current], final_until) }
  const position = earlier.findLastIndex((recording) => !isEarlier(begun, recording)) + 1
  return { kind, ...current, ...trackEarlier(earlier.toSpliced(position, 0, begun), final_until) }
}

/** The latest recording of an exporter, without those before it. */
export function latestRecording({ kind: _, earlier: _earlier, final_until: _until, ...latest }: RecordingState) {
  return latest
}

/**
 * An event without `start_time` concerns the latest recording, and the first event with one completes a recording without.
 * Only a failed start has no `start_time`, so a successful start after it begins another recording.
 */
function concernsCurrent(current: Recording, { data, start }: RecordingEvent): boolean {
  if (start === undefined) return true
  if (current.start_time !== null) return hasStart(current, start)
  return !(current.status === 'failed' && data.event === 'start_record' && data.event_type === 'success')
}

/** Whether an event concerns a recording that the state no longer holds. */
function isFinal({ start }: RecordingEvent, finalUntil: number | undefined): boolean {
  return start?.instant !== undefined && finalUntil !== undefined && start.instant <= finalUntil
}
