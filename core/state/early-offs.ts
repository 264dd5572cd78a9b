import type { EventData } from '../protocol/events.ts'
import { isWithinTolerance } from './connections.ts'
import { hash } from './hash.ts'
import { isSameStream, type Media, type MediaList, maxStreams, maxSubscriptions, type StreamKey } from './media.ts'
import type { Session } from './session.ts'

// An unpublish can overtake the publish that it ends, and an unsub the sub (docs/contract.md, section 4). It is remembered for
// the tolerance. What has been on in the session is remembered until its end, and what went off for the tolerance after that,
// because an unpublish of it has overtaken nothing. All times in ms.

/** A stream that went off a moment ago, or that an early unpublish keeps off. */
export type MediaOff = {
  /** Hash of the list that the stream belongs to, its id and its type. */
  readonly stream: number
  readonly at: number
  /** Whether it had been on. */
  readonly was_on?: true
}

/** What is remembered about streams and subscriptions that are off. */
export type OffMemory = {
  readonly recent_offs: readonly MediaOff[]
  /** Hashes, as in `MediaOff`, of what went off earlier in the session, the latest last. */
  readonly been_on: readonly number[]
}

const maxOffs = maxStreams + maxSubscriptions
/** Of more, the earliest are forgotten, so that the projection stays small. */
const maxBeenOn = 64

/** The memory at `at`, if the participant is in this session or may turn out to be. */
export function ageMemory(
  { recent_offs = [], been_on = [] }: Partial<OffMemory>,
  session: Session | null,
  at: number,
): OffMemory {
  const recent = recent_offs.filter((off) => isWithinTolerance(off.at, at))
  if (session === null || session.end !== null) return { recent_offs: recent, been_on: [] }
  const older = recent_offs.filter((off) => off.was_on && !isWithinTolerance(off.at, at) && off.at >= session.joined_at)
  if (older.length === 0) return { recent_offs: recent, been_on }
  const streams = new Set(older.map(({ stream }) => stream))
  return {
    recent_offs: recent,
    been_on: [...been_on.filter((stream) => !streams.has(stream)), ...streams].slice(-maxBeenOn),
  }
}

/** Whether the unpublish or unsub of the stream that this event switches on came early, so that it does not go on. */
export function isOvertaken({ recent_offs }: OffMemory, data: EventData): boolean {
  if (data.event !== 'publish' && data.event !== 'sub') return false
  const stream = hashOf(listOf(data.event), data)
  return recent_offs.some((off) => off.stream === stream && off.was_on === undefined)
}

/** What an event changed. */
export type MediaChange = {
  readonly before: Media
  /** The early media before the event. */
  readonly early: Media
  readonly after: Media
}

/** Adds what an event switched off. */
export function addOffs(
  { recent_offs: offs, been_on }: OffMemory,
  { data, at }: { readonly data: EventData; readonly at: number },
  { before, early, after }: MediaChange,
): readonly MediaOff[] {
  switch (data.event) {
    case 'publish':
    case 'sub': {
      // An early unpublish counts once: the stream has been on for a moment.
      const stream = hashOf(listOf(data.event), data)
      return offs.flatMap((off) =>
        off.stream !== stream ? off : off.was_on ? [] : { stream, at, was_on: true as const },
      )
    }
    case 'unpublish':
    case 'unsub': {
      const list = listOf(data.event)
      const stream = hashOf(list, data)
      const wasOn = [...before[list], ...early[list]].some((other) => isSameStream(other, data))
      const hadBeenOn = wasOn || been_on.includes(stream) || offs.some((off) => off.stream === stream && off.was_on)
      return replaceOffs(offs, [{ stream, at, ...(hadBeenOn && { was_on: true }) }])
    }
    default:
      return addEndedMedia(offs, at, before, after)
  }
}

/** Adds the media that ended with a connection or a session. */
export function addEndedMedia(offs: readonly MediaOff[], at: number, before: Media, after: Media): readonly MediaOff[] {
  const ended = [...endedIn('streams', before, after), ...endedIn('subscriptions', before, after)]
  return ended.length === 0
    ? offs
    : replaceOffs(
        offs,
        ended.map((stream) => ({ stream, at, was_on: true })),
      )
}

function endedIn(list: MediaList, before: Media, after: Media): number[] {
  if (before[list] === after[list]) return []
  const still = new Set(after[list].map((stream) => hashOf(list, stream)))
  return before[list].map((stream) => hashOf(list, stream)).filter((stream) => !still.has(stream))
}

function replaceOffs(offs: readonly MediaOff[], added: readonly MediaOff[]): MediaOff[] {
  const replaced = new Set(added.map(({ stream }) => stream))
  return [...offs.filter(({ stream }) => !replaced.has(stream)), ...added].slice(-maxOffs)
}

function listOf(event: 'publish' | 'unpublish' | 'sub' | 'unsub'): MediaList {
  return event === 'publish' || event === 'unpublish' ? 'streams' : 'subscriptions'
}

function hashOf(list: MediaList, { stream_id, stream_type }: StreamKey): number {
  return hash(`${list} ${stream_type} ${stream_id}`)
}
