import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { ParticipantState } from '../../core/state/participant.ts'

// A projection of somebody present, with what a usual join brings (two streams, nine subscriptions, a dozen recent
// events), is to fit into 1 KB, which is one write unit: as plain attributes it needs two (docs/decisions/0006).

/** What a person sends and receives. */
export type Media = Pick<ParticipantState, 'streams' | 'subscriptions'>

/** What media mostly say. Never to be changed: what is stored was packed with it. */
const dictionary = Buffer.from(
  '{"streams":[{"stream_id":"","stream_type":"audio","resolution":"1280x720","since":17},' +
    '{"stream_id":"","stream_type":"video","resolution":null,"since":17}],' +
    '"subscriptions":[{"stream_id":"","stream_type":"desktop","since":17',
)

export function packMedia({ streams, subscriptions }: Media): Uint8Array {
  return deflateRawSync(JSON.stringify({ streams, subscriptions }), { dictionary })
}

export function unpackMedia(packed: Uint8Array): Media {
  return JSON.parse(inflateRawSync(packed, { dictionary }).toString())
}

const fingerprintText = 11
const fingerprintBytes = 8
/** Milliseconds until the year 10,889. */
const timeBytes = 6
const entryBytes = fingerprintBytes + timeBytes

/** @param recentEvents fingerprints with their times, see `core/projection/recent-events.ts`. */
export function packRecentEvents(recentEvents: readonly string[]): Uint8Array {
  const packed = Buffer.alloc(recentEvents.length * entryBytes)
  for (const [index, entry] of recentEvents.entries()) {
    packed.write(entry.slice(0, fingerprintText), index * entryBytes, 'base64url')
    const time = Number.parseInt(entry.slice(fingerprintText), 36)
    packed.writeUIntBE(time, index * entryBytes + fingerprintBytes, timeBytes)
  }
  return packed
}

export function unpackRecentEvents(packed: Uint8Array): string[] {
  const bytes = Buffer.from(packed)
  return Array.from({ length: bytes.length / entryBytes }, (_, index) => {
    const from = index * entryBytes
    const fingerprint = bytes.toString('base64url', from, from + fingerprintBytes)
    return `${fingerprint}${bytes.readUIntBE(from + fingerprintBytes, timeBytes).toString(36)}`
  })
}
