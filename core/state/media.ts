import type { KnownEventData } from '../protocol/events.ts'

/** A remote stream that the participant receives. Times in ms. */
export type MediaSubscription = {
  readonly stream_id: string
  readonly stream_type: string
  readonly since: number
  /** The last time that it was switched on while it was on; absent if never. */
  readonly repeated_at?: number
}
/** A stream that the participant publishes. */
export type MediaStream = MediaSubscription & { readonly resolution: string | null }

/** What a participant publishes and receives. */
export type Media = {
  readonly streams: readonly MediaStream[]
  readonly subscriptions: readonly MediaSubscription[]
  /** Whether the oldest were dropped because there were too many. */
  readonly truncated?: true
}

/** A stream is identified by its id and its type: audio and video may share an id (docs/contract.md, section 4). */
export type StreamKey = Pick<MediaSubscription, 'stream_id' | 'stream_type'>
export type MediaList = 'streams' | 'subscriptions'

/** Of more, the oldest are dropped, so that a projection always fits into an item (docs/data-model.md, Maxima). */
export const maxStreams = 64
export const maxSubscriptions = 1024

export const noMedia: Media = { streams: [], subscriptions: [] }

/** The medium that a publish or a sub switches on. @param since ms. */
export function mediaOf(data: Extract<KnownEventData, { stream_id: string }>, since: number): Media {
  const { stream_id, stream_type } = data
  if (data.event !== 'publish') return { streams: [], subscriptions: [{ stream_id, stream_type, since }] }
  return { streams: [{ stream_id, stream_type, resolution: data.resolution ?? null, since }], subscriptions: [] }
}

/** The media of a state, without the rest of it. */
function pickMedia({ streams, subscriptions, truncated }: Media): Media {
  return { streams, subscriptions, ...(truncated && { truncated }) }
}

/** Adds media. What is on already keeps its `since` and its position. */
export function addMedia(media: Media, added: Media): Media {
  const streams = added.streams.reduce<readonly MediaStream[]>(upsertStream, media.streams)
  const subscriptions = added.subscriptions.reduce<readonly MediaSubscription[]>(upsertStream, media.subscriptions)
  const tooMany = streams.length > maxStreams || subscriptions.length > maxSubscriptions
  if (!tooMany) return pickMedia({ ...media, ...added, streams, subscriptions })
  return {
    streams: streams.slice(-maxStreams),
    subscriptions: subscriptions.slice(-maxSubscriptions),
    truncated: true,
  }
}

export function removeMedia(media: Media, list: MediaList, key: StreamKey): Media {
  const { streams, subscriptions } = media
  const remains = (stream: StreamKey) => !isSameStream(stream, key)
  return pickMedia({
    ...media,
    ...(list === 'streams' ? { streams: streams.filter(remains) } : { subscriptions: subscriptions.filter(remains) }),
  })
}

/** The media that were switched on at `since` (ms) or later, for the first time or again. */
export function mediaSince({ streams, subscriptions }: Media, since: number): Media {
  const isRecent = (stream: MediaSubscription) => (stream.repeated_at ?? stream.since) >= since
  return { streams: streams.filter(isRecent), subscriptions: subscriptions.filter(isRecent) }
}

export function isSameStream(one: StreamKey, other: StreamKey): boolean {
  return one.stream_id === other.stream_id && one.stream_type === other.stream_type
}

function upsertStream<Stream extends MediaSubscription>(streams: readonly Stream[], stream: Stream): Stream[] {
  const existing = streams.find((other) => isSameStream(other, stream))
  if (existing === undefined) return [...streams, stream]
  const { since } = existing
  const repeated_at = Math.max(existing.repeated_at ?? since, stream.repeated_at ?? stream.since)
  const updated = { ...stream, since, ...(repeated_at > since && { repeated_at }) }
  return streams.map((other) => (other === existing ? updated : other))
}
