import type { Parameter } from '../../core/protocol/callback-request.ts'
import { cause, type Variant } from './causes.ts'

/** Characters. Longer values are only cut. */
const maxEditedLength = 48
const maxCutLength = 2_000
const characters = [...'0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-.:@ ']

/** Values that differ in one character or were cut off, as happens when values are typed or copied. */
export function* listValueEdits(parameters: readonly Parameter[]): Generator<Variant<readonly Parameter[]>> {
  for (const [index, { name, value }] of parameters.entries()) {
    if (name === 'check_code' || value === '') continue
    for (const edited of listEdits(value)) {
      const quoted = JSON.stringify(edited)
      yield {
        value: parameters.with(index, { name, value: edited }),
        causes: [cause('value_changed', `${name} was signed as ${quoted}`, `${name} 在签名时是 ${quoted}`, name)],
      }
    }
  }
}

function* listEdits(value: string): Generator<string> {
  if (value.length <= maxCutLength)
    for (let end = value.length - 1; end > 0; end--) {
      yield value.slice(0, end)
      yield value.slice(-end)
    }
  if (value.length > maxEditedLength) return
  for (let at = 0; at <= value.length; at++) {
    const [before, after] = [value.slice(0, at), value.slice(at)]
    if (after.length > 1) yield `${before}${after.charAt(1)}${after.charAt(0)}${after.slice(2)}`
    if (at > 0 && after !== '') yield `${before}${after.slice(1)}`
    for (const character of characters) {
      if (after !== '') yield `${before}${character}${after.slice(1)}`
      yield `${before}${character}${after}`
    }
  }
}
