import type { CheckCodeKeys, SecretReading } from '../../core/ports/secret-reader.ts'
import type { Parameter } from '../../core/protocol/callback-request.ts'
import {
  createCheckCodeVerifier,
  decodeCheckCode,
  findCheckCode,
  type SignatureVerdict,
  type ValidSignature,
} from '../../core/protocol/check-code.ts'
import { explainWrongCheckCode } from '../../core/protocol/likely-cause.ts'
import type { Callback } from '../../core/protocol/readings.ts'
import { CallbackError, KeyUnreadableError } from './callback-error.ts'
import type { ReceiveCallbackDependencies } from './dependencies.ts'

/** `signature` is undefined for an unsigned callback. */
export type SignatureResult = {
  readonly parameters: readonly Parameter[]
  readonly signature: Pick<ValidSignature, 'keyIndex' | 'reading' | 'isDocumentedOnly'> | undefined
}

type Verifier = ReturnType<typeof createCheckCodeVerifier>

/**
 * @param deadline ms since 1970 until which the key may be read.
 * @throws CallbackError 401 unless the `check_code` is valid, or is missing and not required; KeyUnreadableError if there
 * is a `check_code` and no key to verify it.
 */
export async function verifySignature(
  { keys, allowUnsigned }: Pick<ReceiveCallbackDependencies, 'keys' | 'allowUnsigned'>,
  callback: Callback,
  deadline: number,
): Promise<SignatureResult> {
  if (findCheckCode(callback) === '') {
    // What cannot be read is reported as that, not as unsigned.
    const result = readUnsigned(callback)
    if (allowUnsigned) return result
    throw new CallbackError(401, 'check_code_missing', 'check_code is missing')
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
  return { parameters: signature.parameters, signature }
}

function readUnsigned(callback: Callback): SignatureResult {
  return { parameters: callback.readUnsigned(), signature: undefined }
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
  if (newest.outcome === 'unreadable' && known.outcome !== 'not_configured') throw new KeyUnreadableError(newest.error)
  if (newest.outcome === 'unusable' && known.outcome !== 'configured') throw new KeyUnreadableError(newest.error)
  const isConfigured = newest.outcome === 'configured' || newest.outcome === 'unusable'
  if (!isConfigured && allowUnsigned) return readUnsigned(callback)
  throw new CallbackError(401, 'check_code_wrong', explain(callback, isConfigured))
}

function explain(callback: Callback, hasKeys: boolean): string {
  const code = findCheckCode(callback)
  const cause = explainWrongCheckCode(callback.first.signed, code, decodeCheckCode(code) !== undefined, hasKeys)
  return `check_code is wrong: ${cause}`
}
