import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { OffMemory } from '../../core/state/early-offs.ts'
import type { Media } from '../../core/state/media.ts'
import { canBeEndedByClose, isPresent, type ParticipantState } from '../../core/state/participant.ts'
import { type Alternatives, initialState } from '../../core/state/participant-state.ts'

// The projection of a present participant after a typical join (two streams, nine subscriptions, a dozen recent events)
// must fit into 1 KB, which is one write unit, and so must the projection after an undecided end. As plain attributes they
// would need two (docs/decisions/0006).

/** The part of a participant's state that is packed: what can be large. */
type PackedPart = Media & Partial<Alternatives> & Partial<OffMemory>

/** A participant's state as attributes of its item. */
export type StoredParticipant = {
  /** What is not packed. Older items hold the media here. */
  readonly state: { readonly kind: 'participant' } & Partial<ParticipantState>
  /** The packed part; absent if it is empty. */
  readonly media?: Uint8Array
  /**
   * The whole state, packed, if an end is undecided, or if the participant is not present but the next close of the room can
   * change the state: it then contains a second state, which is much the same.
   */
  readonly undecided?: Uint8Array
}

/** Typical contents. They must never change, because stored items were packed with them. */
const mediaDictionary = Buffer.from(
  '{"streams":[{"stream_id":"","stream_type":"audio","resolution":"1280x720","since":17},' +
    '{"stream_id":"","stream_type":"video","resolution":null,"since":17}],' +
    '"subscriptions":[{"stream_id":"","stream_type":"desktop","since":17',
)
const undecidedDictionary = Buffer.from(
  '"early_media":{"media":{"streams":[],"subscriptions":[]},"last_at":17,"profile":{"user_name":"","endpoint_type":"ios"},' +
    '"if_joined":"recent_offs":[{"stream":1,"at":17,"was_on":true}],"truncated":true,"repeated_at":17,' +
    '"connection":{"at":17,"awaiting_kick":[17]},"after_connection":true,"reason":"room_closed","estimated":true},' +
    '{"kind":"participant","user_name":"","session":{"joined_at":17,"start_estimated":false,"endpoint_type":"web",' +
    '"reconnects":0,"end":{"at":17,"reason":"client_kick","estimated":false}},"streams":[],"subscriptions":[],' +
    '"start_estimated":true,"endpoint_type":null,"reconnects":0,"end":null},"streams":[],"subscriptions":[],' +
    '"unconfirmed":true,"past_sessions":[{"joined_at":17,"start_estimated":false,"endpoint_type":"web","reconnects":0,' +
    '"end":{"at":17,"reason":"reconciled","estimated":true},"user_name":""}],' +
    '"undecided_ends":[{"end":{"at":17,"reason":"reconciled","estimated":true},"if_void":{"kind":"participant","user_name":"",' +
    `"endpoint_type":"web","reconnects":0,"end":null},${mediaDictionary}`,
)

export function packParticipant(participant: ParticipantState): StoredParticipant {
  const isUndecided = participant.undecided_ends !== undefined
  if (isUndecided || (!isPresent(participant) && canBeEndedByClose(participant)))
    return { state: { kind: participant.kind }, undecided: pack(participant, undecidedDictionary) }
  const { streams, subscriptions, truncated, recent_offs, been_on, early_media, past_sessions, ...state } = participant
  const part: PackedPart = {
    streams,
    subscriptions,
    ...(truncated && { truncated }),
    ...(recent_offs && { recent_offs }),
    ...(been_on && { been_on }),
    ...(early_media && { early_media }),
    ...(past_sessions && { past_sessions }),
  }
  const isEmpty = streams.length + subscriptions.length === 0 && Object.keys(part).length === 2
  return isEmpty ? { state } : { state, media: pack(part, mediaDictionary) }
}

export function unpackParticipant({ state, media, undecided }: StoredParticipant): ParticipantState {
  const packed: Partial<ParticipantState> = {
    ...unpack(media, mediaDictionary),
    ...unpack(undecided, undecidedDictionary),
  }
  return { ...initialState, ...state, ...packed }
}

function pack(value: PackedPart, dictionary: Buffer): Uint8Array {
  return deflateRawSync(JSON.stringify(value), { dictionary })
}

function unpack(packed: Uint8Array | undefined, dictionary: Buffer): Partial<ParticipantState> {
  return packed === undefined ? {} : JSON.parse(inflateRawSync(packed, { dictionary }).toString())
}
