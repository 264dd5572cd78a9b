import fc from 'fast-check'
import { anySender, anyValue } from './callback-senders.ts'

const names = ['event', 'trace_id', 'room_id', 'user_id', 'user_name', 'endpoint_type', 'options'] as const
const extraName = fc.string({ unit: fc.constantFrom(...'aZ_0+ -.'), minLength: 1, maxLength: 4 })

/** A callback as the platform means it: its values, and how its sender encodes and signs them. */
export const anyCallback = anySender.chain((sender) => {
  const extras = fc.uniqueArray(fc.tuple(extraName, anyValue(sender.charset)), {
    selector: ([name]) => name,
    maxLength: 3,
  })
  return fc.record({
    sender: fc.constant(sender),
    values: fc.tuple(...names.map(() => anyValue(sender.charset))),
    omitted: fc.subarray(['user_name', 'endpoint_type', 'options']),
    // A signature covers either all parameters or only those that the document names.
    extras: sender.urlQuery === '' ? extras : fc.constant([]),
    keyIndex: fc.nat(1),
    secret: fc.nat(1e9),
  })
})
export type AnyCallback = typeof anyCallback extends fc.Arbitrary<infer Item> ? Item : never

/** The names and values that are signed. */
export const pairsOf = ({ values, omitted, extras }: AnyCallback) => [
  ...names.map((name, index) => [name, values[index] ?? []] as const).filter(([name]) => !omitted.includes(name)),
  ...extras,
]

/** The current and the previous key; `keyIndex` is that of the sender. */
export const keysOf = ({ secret }: AnyCallback) => [`current-${secret}`, `previous-${secret}`]
