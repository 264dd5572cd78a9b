import type { ApiEvent, ApiRecording, ApiSession } from '../api-types.ts'
import { formatClock } from '../format.ts'
import { nameOf } from '../wire-words.ts'
import { translate } from '../words.ts'

/** Times in ms since 1970. `kind` is also the CSS class of the bar. */
export type LaneSpan = { readonly from: number; readonly to: number; readonly kind: string; readonly title: string }

export type Lane = {
  readonly name: string
  readonly spans: LaneSpan[]
  /** Reconnects; `at` in ms since 1970. */
  readonly marks: { readonly at: number; readonly title: string }[]
}

export type TimelineData = {
  readonly sessions: readonly ApiSession[]
  readonly events: readonly ApiEvent[]
  readonly recordings: readonly ApiRecording[]
  /** ms since 1970 */
  readonly now: number
}

/** Builds one lane per participant, preceded by one lane for all recordings if there are any. */
export function buildLanes({ sessions, events, recordings, now }: TimelineData): Lane[] {
  const recordingLane = {
    name: translate('recordingLane'),
    spans: recordings.flatMap((recording) => recordingSpan(recording, now)),
    marks: [],
  }
  const lanes = sessionLanes(sessions, now)
  addStreamsAndReconnects(lanes, sessions, events, now)
  return [...(recordingLane.spans.length > 0 ? [recordingLane] : []), ...lanes.values()]
}

function sessionLanes(sessions: readonly ApiSession[], now: number): Map<string, Lane> {
  const lanes = new Map<string, Lane>()
  const oldestFirst = sessions.toSorted((a, b) => (a.joined_at < b.joined_at ? -1 : 1))
  for (const { user_id, user_name, joined_at, left_at, estimated, leave_reason } of oldestFirst) {
    const [from, to] = [Date.parse(joined_at), left_at === null ? now : Date.parse(left_at)]
    const label = translate(estimated ? 'estimatedSession' : 'session')
    const title = `${label} ${formatClock(from)} – ${left_at === null ? '…' : formatClock(to)} ${
      leave_reason === null ? '' : nameOf('leave_reason', leave_reason)
    }`
    const lane = lanes.get(user_id) ?? { name: user_name ?? user_id, spans: [], marks: [] }
    lane.spans.push({ from, to, kind: estimated ? 'session estimated' : 'session', title })
    lanes.set(user_id, lane)
  }
  return lanes
}

function recordingSpan({ started_at, stopped_at, ready_at, status }: ApiRecording, now: number): LaneSpan[] {
  if (started_at === null) return []
  const endedAt = stopped_at ?? ready_at
  const to = endedAt === null ? now : Date.parse(endedAt)
  return [{ from: Date.parse(started_at), to, kind: 'recording', title: nameOf('recording_status', status) }]
}

/** A new connection ends the streams that began earlier than this before it (docs/contract.md, section 4). */
const toleranceMs = 5_000

/**
 * Adds the streams and reconnects found in the event log. A stream ends when it is unpublished, when a new connection
 * replaces its connection, or when its session ends.
 */
function addStreamsAndReconnects(
  lanes: ReadonlyMap<string, Lane>,
  sessions: readonly ApiSession[],
  events: readonly ApiEvent[],
  now: number,
): void {
  const streams = new OpenStreams()
  const sessionStarts = new Set(sessions.map(({ user_id, joined_at }) => `${user_id} ${joined_at}`))
  for (const entry of mergeByTime(sessions, events)) {
    const at = Date.parse(entry.at)
    if ('endOf' in entry) {
      streams.endAllOf(entry.endOf, at)
      continue
    }
    const { event, params } = entry.event
    const { user_id = '', stream_id = '', stream_type = '' } = params
    const lane = lanes.get(user_id)
    if (lane === undefined) continue
    if (event === 'join' && !sessionStarts.has(`${user_id} ${entry.at}`)) {
      lane.marks.push({ at, title: `${translate('reconnects')} ${formatClock(at)}` })
      streams.endOlderThan(at - toleranceMs, user_id, at)
    }
    const key = JSON.stringify([user_id, stream_id, stream_type])
    if (event === 'publish') streams.start(key, { lane, from: at, kind: stream_type, user_id })
    if (event === 'unpublish') streams.end(key, at)
  }
  streams.endAll(now)
}

type LaneEvent = { readonly at: string } & ({ readonly event: ApiEvent } | { readonly endOf: string })

/** Merges applied events with the ends of sessions, oldest first; at the same time, ends come last. */
function mergeByTime(sessions: readonly ApiSession[], events: readonly ApiEvent[]): LaneEvent[] {
  const applied = events.filter(({ quarantined }) => quarantined === undefined)
  return [
    ...applied.map((event) => ({ at: event.received_at, event })),
    ...sessions.flatMap(({ user_id, left_at }) => (left_at === null ? [] : [{ at: left_at, endOf: user_id }])),
  ].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 'endOf' in a ? 1 : -1))
}

type OpenStream = { readonly lane: Lane; readonly from: number; readonly kind: string; readonly user_id: string }

class OpenStreams {
  readonly #streams = new Map<string, OpenStream>()

  start(key: string, stream: OpenStream): void {
    if (!this.#streams.has(key)) this.#streams.set(key, stream)
  }

  end(key: string, to: number): void {
    const stream = this.#streams.get(key)
    if (stream === undefined) return
    const { lane, from, kind } = stream
    lane.spans.push({
      from,
      to,
      kind,
      title: `${nameOf('stream_type', kind)} ${formatClock(from)} – ${formatClock(to)}`,
    })
    this.#streams.delete(key)
  }

  endOlderThan(from: number, userId: string, to: number): void {
    for (const [key, stream] of this.#streams) if (stream.user_id === userId && stream.from < from) this.end(key, to)
  }

  endAllOf(userId: string, to: number): void {
    for (const [key, { user_id }] of this.#streams) if (user_id === userId) this.end(key, to)
  }

  endAll(to: number): void {
    for (const key of this.#streams.keys()) this.end(key, to)
  }
}
