import type { SQSRecord } from 'aws-lambda'
import { decodeEnvelope } from '../../core/protocol/decode-envelope.ts'
import { encodeEnvelope } from '../../core/protocol/envelope.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import type { UnverifiedCallback } from '../../core/protocol/unverified-callback.ts'
import { asError } from '../as-error.ts'
import { CallbackError } from '../callback-error.ts'
import type { Deadline } from '../deadline.ts'
import { verifyCallback } from '../verify-callback.ts'
import type { SignatureRules } from '../verify-signature.ts'
import { keyBudgetMs, minVerifyMs } from './budgets.ts'
import { resultWithoutEvent } from './decode-messages.ts'
import type { ApplyEventsDependencies } from './dependencies.ts'
import type { MessageResult } from './report.ts'

export type VerifiedCallbacks = {
  readonly events: ReadonlyMap<NorthboundEvent, SQSRecord>
  /** The results of callbacks that are refused, or that must be verified later, by message id. */
  readonly results: ReadonlyMap<string, MessageResult>
}

/**
 * Verifies the callbacks that the receiver could not verify (docs/decisions/0045). A refused one is counted, possibly sampled, and
 * dropped. While the key cannot be read, they fail and are retried.
 *
 * @param keys shared by all callbacks of the batch.
 */
export async function verifyCallbacks(
  dependencies: ApplyEventsDependencies,
  keys: SignatureRules['keys'],
  callbacks: ReadonlyMap<UnverifiedCallback, SQSRecord>,
  deadline: Deadline,
): Promise<VerifiedCallbacks> {
  const events = new Map<NorthboundEvent, SQSRecord>()
  const results = new Map<string, MessageResult>()
  const refusals: CallbackError[] = []
  for (const [callback, message] of callbacks) {
    const verdict = await verifyInTime(dependencies, keys, callback, deadline)
    if (verdict instanceof CallbackError) {
      await refuse(dependencies, callback, message, verdict)
      refusals.push(verdict)
    }
    if (verdict instanceof Error)
      results.set(message.messageId, resultWithoutEvent(verdict instanceof CallbackError ? 'refused' : verdict))
    else events.set(verdict, message)
  }
  if (refusals.length > 0) await dependencies.tallyRefusals(refusals, dependencies.now())
  return { events, results }
}

/** @returns the event; a CallbackError if the callback is refused; any other Error if it must be retried. */
async function verifyInTime(
  { allowUnsigned, now }: ApplyEventsDependencies,
  keys: SignatureRules['keys'],
  callback: UnverifiedCallback,
  deadline: Deadline,
): Promise<NorthboundEvent | Error> {
  if (deadline.remainingMs() < minVerifyMs) return new Error('no time was left to verify the callback')
  try {
    const verdict = await verifyCallback({ keys, allowUnsigned }, callback, now() + keyBudgetMs(deadline))
    if (verdict.outcome === 'key_unreadable') return verdict.error
    // The same encoding and decoding as of other events, so that the event is the same.
    const event = decodeEnvelope(encodeEnvelope(verdict.envelope))
    return typeof event === 'string' ? new CallbackError(413, 'too_large', event) : event
  } catch (error) {
    return asError(error)
  }
}

/** What the callback sent does not appear in the log, because it is not genuine. */
async function refuse(
  { logger, countRefusal, sampleRefusal }: ApplyEventsDependencies,
  { requestId, receivedAt, sourceAddress, request }: UnverifiedCallback,
  { messageId }: SQSRecord,
  refusal: CallbackError,
): Promise<void> {
  const { outcome } = refusal
  countRefusal(outcome)
  logger.warn('unverified callback refused', { messageId, request_id: requestId, outcome })
  const { method } = request
  await sampleRefusal(
    { receivedAt, method, readAddress: async () => sourceAddress, readRequest: () => request },
    refusal,
  )
}
