import type { NorthboundEvent } from '../protocol/events.ts'
import { aggregateOf } from '../state/aggregate.ts'
import { type CloseMark, closesOf } from '../state/closes.ts'
import { historyOf, toEntries } from '../state/fold.ts'
import type { MediaStream } from '../state/media.ts'
import { applyRoomClose, evolveParticipant, type ParticipantState } from '../state/participant.ts'

/** A time in which a stream was on. `to` is null if it still was at the end of the events. Times in ms. */
export type StreamInterval = {
  readonly stream_id: string
  readonly stream_type: string
  readonly from: number
  readonly to: number | null
}

/** What a participant published, and when a new connection replaced an older one (ms). Both in order. */
export type MediaTimeline = { readonly streams: readonly StreamInterval[]; readonly reconnects: readonly number[] }

/**
 * Traces what the people of a room published, by the rules of their state (docs/contract.md, section 4).
 *
 * @param events of the room, in any order. What was on before the first of them is not known.
 * @returns by user id.
 */
export function traceRoomMedia(events: readonly NorthboundEvent[]): Map<string, MediaTimeline> {
  const byUser = new Map<string, NorthboundEvent[]>()
  const ofRoom: NorthboundEvent[] = []
  for (const event of events) {
    const aggregate = aggregateOf(event)
    if (aggregate.kind === 'room') ofRoom.push(event)
    if (aggregate.kind !== 'participant') continue
    const own = byUser.get(aggregate.user_id)
    if (own === undefined) byUser.set(aggregate.user_id, [event])
    else own.push(event)
  }
  const closes = closesOf(historyOf(ofRoom))
  return new Map([...byUser].map(([userId, own]) => [userId, traceMedia(own, closes)]))
}

/**
 * Adds the streams that are on and were on before the first event that was traced.
 *
 * @param current what the participant publishes now, by the stored state.
 * @param since ms: when the traced events begin.
 */
export function addEarlierStreams(
  streams: readonly StreamInterval[],
  current: readonly MediaStream[],
  since: number,
): StreamInterval[] {
  const earlier = current.filter((stream) => stream.since < since).map((stream) => toInterval(stream, null))
  // A publish that was repeated later looks like the start of the stream.
  const isRepeated = ({ stream_id, stream_type, to }: StreamInterval) =>
    to === null && earlier.some((stream) => stream.stream_id === stream_id && stream.stream_type === stream_type)
  return [...earlier, ...streams.filter((stream) => !isRepeated(stream))].sort(compareStarts)
}

function toInterval({ stream_id, stream_type, since }: MediaStream, to: number | null): StreamInterval {
  return { stream_id, stream_type, from: since, to }
}

function compareStarts(one: StreamInterval, other: StreamInterval): number {
  return one.from - other.from
}

/** An interval that may still end. */
type OpenInterval = { readonly stream: MediaStream; to: number | null }

function traceMedia(events: readonly NorthboundEvent[], closes: readonly CloseMark[]): MediaTimeline {
  const intervals = new Map<string, OpenInterval>()
  const reconnects = new Map<number, number[]>()
  let joinedAt = 0
  let state: ParticipantState | undefined
  for (const entry of toEntries(historyOf(events), closes)) {
    const at = 'event' in entry ? entry.event.received_at : entry.close.at
    if ('event' in entry && entry.event.data.event === 'join') joinedAt = at
    state = 'event' in entry ? evolveParticipant(state, entry.event) : state && applyRoomClose(state, entry.close)
    if (state === undefined) continue
    followReconnects(reconnects, state, joinedAt)
    followStreams(intervals, state.streams, at)
  }
  const streams = [...intervals.values()].map(({ stream, to }) => toInterval(stream, to))
  return {
    streams: streams.sort(compareStarts),
    reconnects: [...reconnects.values()].flat().sort((one, other) => one - other),
  }
}

/**
 * Notes the reconnects of the session that have no time yet.
 *
 * @param times by the start of the session.
 * @param joinedAt ms: the latest join. A later event can show that it was a reconnect.
 */
function followReconnects(times: Map<number, number[]>, { session }: ParticipantState, joinedAt: number): void {
  if (session === null || session.reconnects === 0) return
  const known = times.get(session.joined_at) ?? []
  while (known.length < session.reconnects) known.push(joinedAt)
  times.set(session.joined_at, known.slice(0, session.reconnects))
}

/** Ends what is no longer on. A stream that is on again with its former start was on all the time: its end was a mistake. */
function followStreams(intervals: Map<string, OpenInterval>, streams: readonly MediaStream[], at: number): void {
  const on = new Set(streams.map(keyOf))
  for (const [key, interval] of intervals) if (interval.to === null && !on.has(key)) interval.to = at
  for (const stream of streams) intervals.set(keyOf(stream), { stream, to: null })
}

const keyOf = ({ stream_id, stream_type, since }: MediaStream) => JSON.stringify([stream_id, stream_type, since])
