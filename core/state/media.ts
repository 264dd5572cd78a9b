import type { KnownEventData } from '../protocol/events.ts'

/** A remote stream that the participant receives. `since`: ms. */
export type MediaSubscription = { readonly stream_id: string; readonly stream_type: string; readonly since: number }
/** A stream that the participant publishes. */
export type MediaStream = MediaSubscription & { readonly resolution: string | null }

/** What a participant publishes and receives. */
export type Media = {
  readonly streams: readonly MediaStream[]
  readonly subscriptions: readonly MediaSubscription[]
}

/** A stream is identified by its id and its type: audio and video may share an id (docs/contract.md, section 4). */
export type StreamKey = { readonly stream_id: string; readonly stream_type: string }

export const noMedia: Media = { streams: [], subscriptions: [] }

/** The medium that a publish or a sub switches on. @param since ms. */
export function mediaOf(data: Extract<KnownEventData, { stream_id: string }>, since: number): Media {
  const { stream_id, stream_type } = data
  if (data.event !== 'publish') return { streams: [], subscriptions: [{ stream_id, stream_type, since }] }
  return { streams: [{ stream_id, stream_type, resolution: data.resolution ?? null, since }], subscriptions: [] }
}

/** Adds media. What is on already keeps its `since` and its position. */
export function addMedia(media: Media, added: Media): Media {
  return {
    streams: added.streams.reduce<readonly MediaStream[]>(upsertStream, media.streams),
    subscriptions: added.subscriptions.reduce<readonly MediaSubscription[]>(upsertStream, media.subscriptions),
  }
}

export function removeMedia({ streams, subscriptions }: Media, list: keyof Media, key: StreamKey): Media {
  const remains = (stream: StreamKey) => !isSameStream(stream, key)
  return list === 'streams'
    ? { streams: streams.filter(remains), subscriptions }
    : { streams, subscriptions: subscriptions.filter(remains) }
}

/** The media that began at `since` (ms) or later. */
export function mediaSince({ streams, subscriptions }: Media, since: number): Media {
  return {
    streams: streams.filter((stream) => stream.since >= since),
    subscriptions: subscriptions.filter((subscription) => subscription.since >= since),
  }
}

function upsertStream<Stream extends MediaSubscription>(streams: readonly Stream[], stream: Stream): Stream[] {
  const existing = streams.find((other) => isSameStream(other, stream))
  if (existing === undefined) return [...streams, stream]
  return streams.map((other) => (other === existing ? { ...stream, since: existing.since } : other))
}

function isSameStream(one: StreamKey, other: StreamKey): boolean {
  return one.stream_id === other.stream_id && one.stream_type === other.stream_type
}
