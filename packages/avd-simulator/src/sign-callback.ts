import { createHmac } from 'node:crypto'

/** The parameters of a callback, by name. */
export type CallbackParameters = Readonly<Record<string, string>>

/**
 * Adds `check_code`, in lower-case hex, to the parameters of a callback.
 *
 * Source: note 2 on the event parameters in the vendor's document. The receiver has its own implementation: two
 * independent ones expose a mistake in either.
 */
export function signCallback(parameters: CallbackParameters, key: string): CallbackParameters {
  const names = Object.keys(parameters)
    .filter((name) => name !== 'check_code' && parameters[name] !== '')
    .sort()
  const text = names.map((name) => parameters[name]).join('|')
  return { ...parameters, check_code: createHmac('sha256', key).update(text).digest('hex') }
}
