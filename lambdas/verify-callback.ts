import { UnreadableRequestError } from '../core/protocol/callback-request.ts'
import type { Envelope } from '../core/protocol/envelope.ts'
import { probeEvent } from '../core/protocol/probe.ts'
import { type Callback, readCallback } from '../core/protocol/readings.ts'
import type { UnverifiedCallback } from '../core/protocol/unverified-callback.ts'
import { buildEnvelope } from './build-envelope.ts'
import { CallbackError } from './callback-error.ts'
import { type Signature, type SignatureRules, verifySignature } from './verify-signature.ts'

/** `signature` is undefined for an unsigned callback. */
export type CallbackVerdict =
  | { readonly outcome: 'accepted'; readonly envelope: Envelope; readonly signature: Signature | undefined }
  | { readonly outcome: 'key_unreadable'; readonly error: Error }

/**
 * Turns a callback into an event: reads its parameters, verifies its signature, and requires its identity (docs/contract.md,
 * section 3). The receiver does this for every callback, and apply-events for those that the receiver could not verify.
 *
 * @param deadline ms since 1970 until which the key may be read.
 * @throws CallbackError if the callback is refused.
 */
export async function verifyCallback(
  rules: SignatureRules,
  callback: UnverifiedCallback,
  deadline: number,
): Promise<CallbackVerdict> {
  try {
    const read = readCallback(callback.request)
    const result = await verifySignature(rules, read, deadline).catch((error) => {
      throw isProbe(read) && isRefused(error) ? new CallbackError(401, 'probe_refused', error.message) : error
    })
    if (result.outcome === 'key_unreadable') return result
    const signature = result.outcome === 'signed' ? result.signature : undefined
    const envelope = buildEnvelope(callback, result.parameters, signature !== undefined)
    return { outcome: 'accepted', envelope, signature }
  } catch (error) {
    if (error instanceof UnreadableRequestError) throw new CallbackError(400, 'unreadable', error.message)
    throw error
  }
}

function isProbe({ first }: Callback): boolean {
  return first.signed.some(({ name, value }) => name === 'event' && value === probeEvent)
}

function isRefused(error: unknown): error is CallbackError {
  return error instanceof CallbackError && error.status === 401
}
