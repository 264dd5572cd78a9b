import type { ApiRecording, ApiTimeline, ApiTimelinePerson } from '../api-types.ts'

export type BarKind = 'session' | 'session estimated' | 'audio' | 'video' | 'desktop' | 'other' | 'recording'

/** Times in ms since 1970. `to` is that of the timeline if it still goes on then. */
export type Bar = { readonly kind: BarKind; readonly from: number; readonly to: number; readonly goesOn: boolean }

/** A row of the timeline. */
export type Lane = {
  readonly key: string
  /** The person; undefined for the row of the recordings. */
  readonly person: Pick<ApiTimelinePerson, 'user_id' | 'user_name'> | undefined
  readonly bars: readonly Bar[]
  /** ms since 1970: reconnects of a person, or starts of recordings that failed. */
  readonly marks: readonly number[]
}

const streamKinds = ['audio', 'video', 'desktop'] as const

/** One lane per person, preceded by one for the recordings if there are any. Only what is known is shown. */
export function buildLanes({ to, people }: ApiTimeline, recordings: readonly ApiRecording[]): Lane[] {
  const endMs = Date.parse(to)
  const lanes = people.map((person) => personLane(person, endMs))
  return recordings.length === 0 ? lanes : [recordingLane(recordings, endMs), ...lanes]
}

function personLane({ user_id, user_name, sessions, streams, reconnected_at }: ApiTimelinePerson, endMs: number): Lane {
  return {
    key: `person ${user_id}`,
    person: { user_id, user_name },
    bars: [
      ...sessions.map(({ joined_at, left_at, estimated }) =>
        createBar(estimated ? 'session estimated' : 'session', joined_at, left_at, endMs),
      ),
      ...streams.map(({ stream_type, from, to }) =>
        createBar(streamKinds.find((kind) => kind === stream_type) ?? 'other', from, to, endMs),
      ),
    ],
    marks: reconnected_at.map((at) => Date.parse(at)),
  }
}

/** A recording without a known end is a bar only while it runs; one that failed, or did not stop, is a mark. */
function recordingLane(recordings: readonly ApiRecording[], endMs: number): Lane {
  const started = recordings.flatMap(({ started_at, stopped_at, ready_at, status }) =>
    started_at === null ? [] : [{ started_at, ended_at: stopped_at ?? ready_at, status }],
  )
  const isKnown = ({ ended_at, status }: (typeof started)[number]) => ended_at !== null || status === 'recording'
  return {
    key: 'recordings',
    person: undefined,
    bars: started
      .filter(isKnown)
      .map(({ started_at, ended_at }) => createBar('recording', started_at, ended_at, endMs)),
    marks: started.filter((recording) => !isKnown(recording)).map(({ started_at }) => Date.parse(started_at)),
  }
}

function createBar(kind: BarKind, from: string, to: string | null, endMs: number): Bar {
  const fromMs = Date.parse(from)
  return { kind, from: fromMs, to: Math.max(fromMs, to === null ? endMs : Date.parse(to)), goesOn: to === null }
}
