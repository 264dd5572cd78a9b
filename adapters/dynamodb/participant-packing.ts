import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { canBeEndedByClose, isPresent, type ParticipantState } from '../../core/state/participant.ts'
import { initialState } from '../../core/state/participant-state.ts'

// The projection of a present participant after a typical join (two streams, nine subscriptions, a dozen recent events)
// must fit into 1 KB, which is one write unit, and so must the projections after an undecided end and after a second join.
// As plain attributes they would need two (docs/decisions/0006 and 0035).

/** A participant's state as attributes of its item. */
export type StoredParticipant = {
  readonly packed: Uint8Array
  /** Set if the participant is not present, but the next close of the room can change the state. */
  readonly undecided?: true
}

/** Typical contents, the most frequent last. They must never change, because stored items were packed with them. */
const dictionary = Buffer.from(
  '"early_media":{"media":{"streams":[],"subscriptions":[]},"last_at":17,"profile":{"user_name":"","endpoint_type":"ios"},' +
    '"if_joined":"truncated":true,"repeated_at":17,"confirmed_at":17,"unconfirmed":true,"past_sessions":[' +
    '{"joined_at":17,"start_estimated":true,"endpoint_type":null,"reconnects":0,"end":{"at":17,"reason":"room_closed",' +
    '"estimated":true},"user_name":""}],"undecided_ends":[{"end":{"at":17,"reason":"reconciled","estimated":true},' +
    '"after_connection":true,"if_void":{"kind":"participant","user_name":"","session":{"joined_at":17,' +
    '"start_estimated":false,"endpoint_type":"web","reconnects":0,"end":{"at":17,"reason":"client_kick","estimated":false}},' +
    '"connection":{"at":17,"awaiting_kick":[17]},"been_on":[1,"recent_offs":[{"stream":1,"at":17,"was_on":true},' +
    '{"kind":"participant","user_name":"","session":{"joined_at":17,"start_estimated":false,"endpoint_type":"web",' +
    '"reconnects":0,"end":null},"streams":[{"stream_id":"","stream_type":"audio","resolution":"1280x720","since":17},' +
    '{"stream_id":"","stream_type":"video","resolution":null,"since":17}],' +
    '"subscriptions":[{"stream_id":"","stream_type":"desktop","since":17',
)

export function packParticipant(participant: ParticipantState): StoredParticipant {
  const packed = deflateRawSync(JSON.stringify(participant), { dictionary })
  return !isPresent(participant) && canBeEndedByClose(participant) ? { packed, undecided: true } : { packed }
}

export function unpackParticipant({ packed }: StoredParticipant): ParticipantState {
  return { ...initialState, ...JSON.parse(inflateRawSync(packed, { dictionary }).toString()) }
}
