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

/** Adds a stream. If it is there already, it keeps its `since` and its position. */
export function addStream<Stream extends MediaSubscription>(streams: readonly Stream[], stream: Stream): Stream[] {
  const existing = streams.find((other) => isSameStream(other, stream))
  if (existing === undefined) return [...streams, stream]
  return streams.map((other) => (other === existing ? { ...stream, since: existing.since } : other))
}

export function removeStream<Stream extends StreamKey>(streams: readonly Stream[], key: StreamKey): readonly Stream[] {
  return streams.filter((stream) => !isSameStream(stream, key))
}

/** The media that began at `since` (ms) or later. */
export function mediaSince({ streams, subscriptions }: Media, since: number): Media {
  return {
    streams: streams.filter((stream) => stream.since >= since),
    subscriptions: subscriptions.filter((subscription) => subscription.since >= since),
  }
}

function isSameStream(one: StreamKey, other: StreamKey): boolean {
  return one.stream_id === other.stream_id && one.stream_type === other.stream_type
}
