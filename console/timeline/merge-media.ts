import type { ApiTimeline } from '../api-types.ts'

type Stream = ApiTimeline['people'][number]['streams'][number]

/** @returns whether streams of the view are missing because the whole timeline has too many events. */
export function lacksMedia({ media_known_until }: ApiTimeline, viewToMs: number): boolean {
  return media_known_until !== null && viewToMs > Date.parse(media_known_until)
}

/**
 * Adds the streams and reconnects of a part of a timeline that has too many events to be known in one piece.
 *
 * @param part a later part of the same timeline; undefined if none was read.
 */
export function mergeMedia(timeline: ApiTimeline, part: ApiTimeline | undefined): ApiTimeline {
  const { media_known_until } = timeline
  if (media_known_until === null || part === undefined) return timeline
  const partEnd = part.media_known_until ?? part.to
  const inPart = new Map(part.people.map((person) => [person.user_id, person]))
  const people = timeline.people.map((person) => {
    const { streams = [], reconnected_at = [] } = inPart.get(person.user_id) ?? {}
    const known = new Set(person.reconnected_at)
    return {
      ...person,
      streams: [...endAt(person.streams, media_known_until), ...endAt(streams, partEnd)],
      reconnected_at: [...person.reconnected_at, ...reconnected_at.filter((at) => !known.has(at))],
    }
  })
  return { ...timeline, people }
}

/** A stream that was on at the end of what is known is known until then. */
function endAt(streams: readonly Stream[], end: string): Stream[] {
  return streams.map((stream) => (stream.to === null ? { ...stream, to: end } : stream))
}
