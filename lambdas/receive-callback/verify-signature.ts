import type { CheckCodeKeys, SecretReading } from '../../core/ports/secret-reader.ts'
import { type SignatureVerdict, verifyCheckCode } from '../../core/protocol/check-code.ts'
import type { Parameter } from '../../core/protocol/parameters.ts'
import { CallbackError, KeyUnreadableError } from './callback-error.ts'
import type { ReceiveCallbackDependencies } from './dependencies.ts'

export type SignatureResult = {
  readonly signed: boolean
  /** Index of the key that verified the signature: 0 is the current key. */
  readonly keyIndex: number
}

const unsigned: SignatureResult = { signed: false, keyIndex: 0 }

/**
 * @param deadline ms since 1970 until which the key may be read.
 * @throws CallbackError 401 unless the `check_code` is valid, or is missing and not required; KeyUnreadableError if there
 * is a `check_code` and no key to verify it.
 */
export async function verifySignature(
  { keys, allowUnsigned }: Pick<ReceiveCallbackDependencies, 'keys' | 'allowUnsigned'>,
  parameters: readonly Parameter[],
  deadline: number,
): Promise<SignatureResult> {
  if (!parameters.some(({ name, value }) => name === 'check_code' && value !== '')) {
    if (allowUnsigned) return unsigned
    throw new CallbackError(401, 'check_code_missing', 'check_code is missing')
  }
  const known = await keys.read(deadline)
  const verdict = verifyWith(known, parameters)
  if (verdict.outcome === 'valid') return { signed: true, keyIndex: verdict.keyIndex }
  // The key may have been replaced a moment ago, and a refused event is lost.
  const newest = known.outcome === 'unreadable' ? known : await keys.refresh(deadline)
  const secondVerdict = newest === known ? verdict : verifyWith(newest, parameters)
  if (secondVerdict.outcome === 'valid') return { signed: true, keyIndex: secondVerdict.keyIndex }
  return refuseOrIgnore(known, newest, allowUnsigned)
}

function verifyWith(reading: SecretReading<CheckCodeKeys>, parameters: readonly Parameter[]): SignatureVerdict {
  return reading.outcome === 'configured' ? verifyCheckCode(parameters, reading.value) : { outcome: 'wrong' }
}

/**
 * Decides about a `check_code` that no known key verifies. It is ignored if the secret is empty and unsigned callbacks are
 * accepted. A secret that is unusable never counts as empty.
 */
function refuseOrIgnore(
  known: SecretReading<CheckCodeKeys>,
  newest: SecretReading<CheckCodeKeys>,
  allowUnsigned: boolean,
): SignatureResult {
  if (newest.outcome === 'unreadable' && known.outcome !== 'not_configured') throw new KeyUnreadableError(newest.error)
  if (newest.outcome === 'unusable' && known.outcome !== 'configured') throw new KeyUnreadableError(newest.error)
  const isConfigured = newest.outcome === 'configured' || newest.outcome === 'unusable'
  if (!isConfigured && allowUnsigned) return unsigned
  throw new CallbackError(401, 'check_code_wrong', 'check_code does not match the parameters and the key')
}
