import { decodeMessage } from '../protocol/decode-message.ts'
import { listSentParameters } from '../protocol/sent-parameters.ts'
import type { UnverifiedCallback } from '../protocol/unverified-callback.ts'

/**
 * Why a message is a dead letter. `failed`: it failed for a day. `failed_again`: it was put back, and failed for another day.
 * `unverified`: the key could not be read for a day. `unreadable`: it is no message of the event queue, and can never be applied.
 */
export const deadLetterCauses = ['failed', 'failed_again', 'unverified', 'unreadable'] as const
export type DeadLetterCause = (typeof deadLetterCauses)[number]

/** What a dead letter is about. */
export type DeadLetterFacts = {
  /** The event; `rebuild` for a command; null if it is not known. */
  readonly event: string | null
  readonly room_id: string | null
  /** ms since 1970: when the event was received or, for a message without that, when it was put on the event queue. */
  readonly received_at: number
  readonly cause: DeadLetterCause
}

/** @param sentAt ms since 1970: when the message was put on the event queue. */
export function describeDeadLetter(letter: {
  readonly body: string
  readonly sentAt: number
  readonly isRedriven: boolean
}): DeadLetterFacts {
  const { body, sentAt, isRedriven } = letter
  const content = decodeMessage(body)
  if (typeof content === 'string') return { event: null, room_id: null, received_at: sentAt, cause: 'unreadable' }
  const cause = isRedriven ? 'failed_again' : 'failed'
  if ('command' in content) {
    const { command, aggregate } = content
    const room_id = 'room_id' in aggregate ? aggregate.room_id : null
    return { event: command, room_id, received_at: sentAt, cause }
  }
  if ('request' in content) return describeCallback(content, isRedriven ? 'failed_again' : 'unverified')
  const { event, params, received_at } = content
  return { event, room_id: params.room_id || null, received_at, cause }
}

/** What the callback claims to be: nothing of it has been verified. */
function describeCallback({ request, receivedAt }: UnverifiedCallback, cause: DeadLetterCause): DeadLetterFacts {
  const parameters = listSentParameters(request)
  const valueNamed = (wanted: string) => parameters.find(({ name }) => name === wanted)?.value || null
  return { event: valueNamed('event'), room_id: valueNamed('room_id'), received_at: receivedAt, cause }
}
