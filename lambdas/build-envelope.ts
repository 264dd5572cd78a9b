import type { Parameter } from '../core/protocol/callback-request.ts'
import { type Envelope, findLongId, maxIdBytes, selectStoredParameters } from '../core/protocol/envelope.ts'
import { missingIdentity } from '../core/protocol/identity.ts'
import { findSimilarName } from '../core/protocol/likely-cause.ts'
import { quoteText } from '../core/protocol/quote-text.ts'
import type { UnverifiedCallback } from '../core/protocol/unverified-callback.ts'
import { CallbackError } from './callback-error.ts'

/** @throws CallbackError 400 if an identifying parameter is missing or too long. */
export function buildEnvelope(
  { requestId, receivedAt }: Pick<UnverifiedCallback, 'requestId' | 'receivedAt'>,
  parameters: readonly Parameter[],
  signed: boolean,
): Envelope {
  const params = selectStoredParameters(parameters)
  const missing = missingIdentity(params, signed)
  if (missing !== undefined) throw new CallbackError(400, 'identity_missing', explainMissing(params, missing))
  const tooLong = findLongId(params)
  if (tooLong !== undefined)
    throw new CallbackError(400, 'unreadable', `parameter "${tooLong}" is longer than ${maxIdBytes} bytes`)
  return {
    // Without a trace_id, a repeated callback counts as a second event, but a redelivered queue message does not.
    trace_id: params.trace_id || `request-${requestId}`,
    received_at: receivedAt,
    source: 'callback',
    params,
  }
}

function explainMissing(params: Envelope['params'], missing: string): string {
  const similar = findSimilarName(Object.keys(params), missing)
  const cause =
    missing in params ? '; it has no value' : similar === undefined ? '' : `; ${quoteText(similar)} is not its name`
  return `parameter "${missing}" is missing${cause}`
}
