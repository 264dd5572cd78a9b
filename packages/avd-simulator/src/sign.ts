import { createHmac } from 'node:crypto'

export type Parameters = Readonly<Record<string, string>>

/**
 * The parameters with their `check_code` (document, note 2 of the event parameters). Written apart from the
 * receiver's own code, so that a mistake in one of the two shows.
 */
export function signed(parameters: Parameters, key: string): Parameters {
  const names = Object.keys(parameters)
    .filter((name) => name !== 'check_code' && parameters[name] !== '')
    .sort()
  const text = names.map((name) => parameters[name]).join('|')
  return { ...parameters, check_code: createHmac('sha256', key).update(text).digest('hex') }
}
