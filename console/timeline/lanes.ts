import type { ApiRecording, ApiTimeline, ApiTimelinePerson } from '../api-types.ts'
import { type RecordedInterval, stackRecordings } from './stack-recordings.ts'

export type BarKind = 'session' | 'session estimated' | 'audio' | 'video' | 'desktop' | 'other' | 'recording'

/** Times in ms since 1970. `to` is as far as is known if it still goes on then. */
export type Bar = {
  readonly kind: BarKind
  readonly from: number
  readonly to: number
  readonly goesOn: boolean
  /** Of a recording: what makes it. */
  readonly exporter?: string
}

/** A moment, in ms since 1970: a reconnect of a person, or the start of a recording whose end is not known. */
export type Mark = { readonly kind: 'reconnect' | 'failed' | 'end-unknown'; readonly at: number }

/** A row of the timeline. */
export type Lane = {
  readonly key: string
  /** The person; undefined for a row of recordings. */
  readonly person: Pick<ApiTimelinePerson, 'user_id' | 'user_name'> | undefined
  readonly bars: readonly Bar[]
  readonly marks: readonly Mark[]
}

const streamKinds = ['audio', 'video', 'desktop'] as const

/** One lane per person, preceded by those of the recordings if there are any. Only what is known is shown. */
export function buildLanes(timeline: ApiTimeline, recordings: readonly ApiRecording[]): Lane[] {
  const endMs = Date.parse(timeline.to)
  const mediaEndMs = Date.parse(timeline.media_known_until ?? timeline.to)
  const people = timeline.people.map((person) => personLane(person, endMs, mediaEndMs))
  return [...stackRecordings(recordings, endMs).map(recordingLane), ...people]
}

function personLane(person: ApiTimelinePerson, endMs: number, mediaEndMs: number): Lane {
  const { user_id, user_name, sessions, streams, reconnected_at } = person
  return {
    key: `person ${user_id}`,
    person: { user_id, user_name },
    bars: [
      ...sessions.map(({ joined_at, left_at, estimated }) =>
        createBar(estimated ? 'session estimated' : 'session', joined_at, left_at, endMs),
      ),
      ...streams.map(({ stream_type, from, to }) =>
        createBar(streamKinds.find((kind) => kind === stream_type) ?? 'other', from, to, mediaEndMs),
      ),
    ],
    marks: reconnected_at.map((at) => ({ kind: 'reconnect', at: Date.parse(at) })),
  }
}

function createBar(kind: BarKind, from: string, to: string | null, endMs: number): Bar {
  const fromMs = Date.parse(from)
  return { kind, from: fromMs, to: Math.max(fromMs, to === null ? endMs : Date.parse(to)), goesOn: to === null }
}

function recordingLane(intervals: readonly RecordedInterval[], index: number): Lane {
  return {
    key: `recordings ${index}`,
    person: undefined,
    bars: intervals.flatMap(({ from, to, goesOn, exporter }) =>
      to === undefined ? [] : [{ kind: 'recording', from, to, goesOn, exporter }],
    ),
    marks: intervals.flatMap(({ from, to, isFailed }) =>
      to === undefined ? [{ kind: isFailed ? 'failed' : 'end-unknown', at: from }] : [],
    ),
  }
}
