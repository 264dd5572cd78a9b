import type { CheckCodeKeys, SecretReader, SecretReading } from '../core/ports/secret-reader.ts'
import type { Parameter } from '../core/protocol/callback-request.ts'
import {
  createCheckCodeVerifier,
  decodeCheckCode,
  findCheckCode,
  type SignatureVerdict,
  type ValidSignature,
} from '../core/protocol/check-code.ts'
import { explainMissingCheckCode, explainWrongCheckCode } from '../core/protocol/likely-cause.ts'
import type { Callback } from '../core/protocol/readings.ts'
import { CallbackError } from './callback-error.ts'

export type Signature = Pick<ValidSignature, 'keyIndex' | 'reading' | 'isDocumentedOnly'>

/** `key_unreadable`: there is a `check_code`, and no key that could verify it or prove it wrong. */
export type SignatureResult =
  | { readonly outcome: 'signed'; readonly parameters: readonly Parameter[]; readonly signature: Signature }
  | { readonly outcome: 'unsigned'; readonly parameters: readonly Parameter[] }
  | { readonly outcome: 'key_unreadable'; readonly error: Error }

export type SignatureRules = {
  readonly keys: SecretReader<CheckCodeKeys>
  /** Whether a callback without `check_code` is accepted, and any callback if no key is configured. */
  readonly allowUnsigned: boolean
}

type Verifier = ReturnType<typeof createCheckCodeVerifier>

/**
 * @param deadline ms since 1970 until which the key may be read.
 * @throws CallbackError 401 if the `check_code` is wrong, or is missing and required.
 */
export async function verifySignature(
  { keys, allowUnsigned }: SignatureRules,
  callback: Callback,
  deadline: number,
): Promise<SignatureResult> {
  if (findCheckCode(callback) === '') {
    // What cannot be read is reported as that, not as unsigned.
    const result = readUnsigned(callback)
    if (allowUnsigned) return result
    throw new CallbackError(
      401,
      'check_code_missing',
      `check_code is missing: ${explainMissingCheckCode(callback.first)}`,
    )
  }
  const verify = createCheckCodeVerifier(callback)
  const known = await keys.read(deadline)
  const verdict = verifyWith(known, verify)
  if (verdict.outcome === 'valid') return toResult(verdict)
  // The key may have been replaced a moment ago, and a refused event is lost.
  const newest = known.outcome === 'unreadable' ? known : await keys.refresh(deadline)
  const secondVerdict = newest === known ? verdict : verifyWith(newest, verify)
  if (secondVerdict.outcome === 'valid') return toResult(secondVerdict)
  return refuseOrIgnore(known, newest, allowUnsigned, callback)
}

function verifyWith(reading: SecretReading<CheckCodeKeys>, verify: Verifier): SignatureVerdict {
  return reading.outcome === 'configured' ? verify(reading.value) : { outcome: 'wrong' }
}

function toResult(signature: ValidSignature): SignatureResult {
  return { outcome: 'signed', parameters: signature.parameters, signature }
}

function readUnsigned(callback: Callback): SignatureResult {
  return { outcome: 'unsigned', parameters: callback.readUnsigned() }
}

/**
 * Decides about a `check_code` that no known key verifies. It is ignored if the secret is empty and unsigned callbacks are
 * accepted. A secret that is unusable never counts as empty.
 */
function refuseOrIgnore(
  known: SecretReading<CheckCodeKeys>,
  newest: SecretReading<CheckCodeKeys>,
  allowUnsigned: boolean,
  callback: Callback,
): SignatureResult {
  const isKnownEmpty = known.outcome === 'not_configured' && allowUnsigned
  const isUnreadable =
    (newest.outcome === 'unreadable' && !isKnownEmpty) ||
    (newest.outcome === 'unusable' && known.outcome !== 'configured')
  // Text that is no code is wrong whatever the key is.
  if (isUnreadable && decodeCheckCode(findCheckCode(callback)) !== undefined)
    return { outcome: 'key_unreadable', error: newest.error }
  const isConfigured = newest.outcome === 'configured' || newest.outcome === 'unusable'
  if (!isConfigured && !isUnreadable && allowUnsigned) return readUnsigned(callback)
  throw new CallbackError(401, 'check_code_wrong', explain(callback, isConfigured))
}

function explain(callback: Callback, hasKeys: boolean): string {
  const code = findCheckCode(callback)
  const cause = explainWrongCheckCode(callback.first, code, decodeCheckCode(code) !== undefined, hasKeys)
  return `check_code is wrong: ${cause}`
}
