import { canonicalString, signatureOf } from '../core/protocol/check-code.ts'
import { usageError } from './cli-error.ts'

export type CallbackParameters = Readonly<Record<string, string>>

/**
 * Parses the option `--param name=value`, which may be repeated.
 *
 * @throws CliError if it is no pair, or a name comes twice: the receiver refuses a repeated parameter.
 */
export function collectParameter(pair: string, collected: CallbackParameters = {}): CallbackParameters {
  const separator = pair.indexOf('=')
  if (separator < 1) {
    throw usageError({ en: `--param needs name=value, not "${pair}"`, zh: `--param 的格式为 名称=值，而不是“${pair}”` })
  }
  const name = pair.slice(0, separator)
  if (Object.hasOwn(collected, name)) {
    throw usageError({ en: `the parameter ${name} is given twice`, zh: `参数 ${name} 重复` })
  }
  return { ...collected, [name]: pair.slice(separator + 1) }
}

/** The `check_code` of a callback, in lower-case hex. Parameters without a value do not count. */
export function computeCheckCode(parameters: CallbackParameters, key: string): string {
  const list = Object.entries(parameters).map(([name, value]) => ({ name, value }))
  return signatureOf(canonicalString(list), key).toString('hex')
}
