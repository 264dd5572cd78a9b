import type { Parameter } from '../../core/protocol/callback-request.ts'
import { findLongId, maxIdBytes, selectStoredParameters } from '../../core/protocol/envelope.ts'
import { missingIdentity } from '../../core/protocol/identity.ts'
import { findSimilarName } from '../../core/protocol/likely-cause.ts'
import type { Text } from '../language.ts'

/** Why the receiver refuses a callback although its signature holds (docs/contract.md, section 3). */
export function findRefusal(parameters: readonly Parameter[]): Text | undefined {
  const stored = selectStoredParameters(parameters)
  const missing = missingIdentity(stored, true)
  if (missing !== undefined) {
    const similar = findSimilarName(Object.keys(stored), missing)
    return {
      en: `the parameter ${missing} is missing${similar === undefined ? '' : `; "${similar}" is not its name`}`,
      zh: `缺少参数 ${missing}${similar === undefined ? '' : `；“${similar}”不是它的名称`}`,
    }
  }
  const long = findLongId(stored)
  if (long === undefined) return undefined
  return { en: `${long} is longer than ${maxIdBytes} bytes`, zh: `${long} 超过 ${maxIdBytes} 字节` }
}
