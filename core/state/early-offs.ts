import type { EventData } from '../protocol/events.ts'
import { isWithinTolerance } from './connections.ts'
import { hash } from './hash.ts'
import { isSameStream, type Media, type MediaList, maxStreams, maxSubscriptions, type StreamKey } from './media.ts'

// An unpublish can overtake the publish that it ends, and an unsub the sub (docs/contract.md, section 4). It is remembered for
// the tolerance. So is what really went off, because an unpublish of it has overtaken nothing. All times in ms.

/** A stream that went off a moment ago, or that an early unpublish keeps off. */
export type MediaOff = {
  /** Hash of the list that the stream belongs to, its id and its type. */
  readonly stream: number
  readonly at: number
  /** Whether it had been on. */
  readonly was_on?: true
}

const maxOffs = maxStreams + maxSubscriptions

/** What went off within the tolerance before `at`. */
export function recentOffs(offs: readonly MediaOff[] | undefined, at: number): readonly MediaOff[] {
  return offs?.filter((off) => isWithinTolerance(off.at, at)) ?? []
}

/** Whether the unpublish or unsub of the stream that this event switches on came early, so that it does not go on. */
export function isOvertaken(offs: readonly MediaOff[], data: EventData): boolean {
  if (data.event !== 'publish' && data.event !== 'sub') return false
  const stream = hashOf(listOf(data.event), data)
  return offs.some((off) => off.stream === stream && off.was_on === undefined)
}

/** Adds what an event switched off. @param before the media before it. @param after the media after it. */
export function addOffs(
  offs: readonly MediaOff[],
  { data, at }: { readonly data: EventData; readonly at: number },
  before: Media,
  after: Media,
): readonly MediaOff[] {
  switch (data.event) {
    case 'publish':
    case 'sub': {
      // An early unpublish counts once: afterwards, the stream has been on.
      const stream = hashOf(listOf(data.event), data)
      return offs.flatMap((off) => (off.stream !== stream ? off : off.was_on ? [] : { ...off, was_on: true as const }))
    }
    case 'unpublish':
    case 'unsub': {
      const list = listOf(data.event)
      const stream = hashOf(list, data)
      const wasOn = before[list].some((other) => isSameStream(other, data))
      const hadBeenOn = wasOn || offs.some((off) => off.stream === stream && off.was_on)
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
