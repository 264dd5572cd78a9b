import type { EventHead, Parameters } from './events.ts'

/** What travels on the queue: one event as received, with its head. */
export type Envelope = EventHead & {
  /** Whether a `check_code` vouched for it. */
  readonly signed: boolean
  readonly params: Parameters
}

/**
 * The envelope as a queue message.
 *
 * SQS takes only the characters of XML 1.0. JSON escapes the control characters and lone surrogates by
 * itself; these two it does not.
 */
export function encodeEnvelope(envelope: Envelope): string {
  return JSON.stringify(envelope).replace(/[\uFFFE\uFFFF]/g, (char) => (char === '\uFFFE' ? '\\ufffe' : '\\uffff'))
}

/**
 * The parameters that may be kept: the `check_code` has done its work, a `token` is somebody's credential.
 * Neither may appear in an answer, a log or an alert (contract, section 6).
 */
export function withoutSecrets(params: Parameters): Parameters {
  const { check_code: _, ...kept } = params
  return 'token' in kept ? { ...kept, token: '[redacted]' } : kept
}
