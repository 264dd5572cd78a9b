import { verifyCheckCode } from '../../core/protocol/check-code.ts'
import type { Parameter } from '../../core/protocol/parameters.ts'
import { CallbackError } from './callback-error.ts'
import type { ReceiveCallbackDependencies } from './dependencies.ts'

export type SignatureResult = {
  readonly signed: boolean
  /** Index of the key that verified the signature: 0 is the current key. */
  readonly keyIndex: number
}

const unsigned: SignatureResult = { signed: false, keyIndex: 0 }

/** @throws CallbackError 401 unless the `check_code` is valid, or is missing and not required. */
export async function verifySignature(
  { keys, allowUnsigned }: Pick<ReceiveCallbackDependencies, 'keys' | 'allowUnsigned'>,
  parameters: readonly Parameter[],
): Promise<SignatureResult> {
  const knownKeys = await keys.read()
  if (knownKeys.length === 0 && allowUnsigned) return unsigned
  let verdict = verifyCheckCode(parameters, knownKeys)
  // The key may have been rotated a moment ago, and a refused event is lost.
  if (verdict.outcome === 'wrong') verdict = verifyCheckCode(parameters, await keys.refresh())
  if (verdict.outcome === 'valid') return { signed: true, keyIndex: verdict.keyIndex }
  if (verdict.outcome === 'missing' && allowUnsigned) return unsigned
  throw verdict.outcome === 'missing'
    ? new CallbackError(401, 'check_code_missing', 'check_code is missing')
    : new CallbackError(401, 'check_code_wrong', 'check_code does not match the parameters and the key')
}
