import type { Text } from '../language.ts'

/** A difference between what the platform signed and what the receiver verifies. */
export interface Cause {
  /** A stable name for programs. */
  readonly code: CauseCode
  readonly text: Text
  /** The parameter that it concerns. */
  readonly parameter?: string | undefined
}

export type CauseCode =
  | `key_${'blank' | 'byte_order_mark' | 'quoted' | 'case' | 'hex' | 'base64' | 'encoded' | 'truncated' | 'whole_secret' | 'hashed' | 'empty' | 'width'}`
  | `code_${'truncated' | 'case' | 'decorated' | 'encoded_twice' | 'zeros_lost'}`
  | `parameter_${'not_signed' | 'extra' | 'missing' | 'renamed' | 'split'}`
  | `value_${'changed' | 'encoded_twice' | 'decoded_too_often' | 'encoded' | 'swapped'}`
  | 'empty_counted'
  | 'check_code_counted'
  | 'order'
  | 'pairs_signed'
  | 'separator'
  | 'separator_at_end'
  | 'charset'
  | 'algorithm'

/** A way to deviate from the protocol. */
export interface Variant<Value> {
  readonly value: Value
  readonly causes: readonly Cause[]
}

export function cause(code: CauseCode, en: string, zh: string, parameter?: string): Cause {
  return parameter === undefined ? { code, text: { en, zh } } : { code, text: { en, zh }, parameter }
}
