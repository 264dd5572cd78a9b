import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  anySender,
  anyValue,
  computeCode,
  encodeRequest,
  isUnambiguous,
  textOf,
} from '../../../support/callback-senders.ts'
import { createReceiver } from './callbacks.ts'

const names = ['event', 'trace_id', 'room_id', 'user_id', 'user_name', 'endpoint_type', 'options'] as const
const extraName = fc.string({ unit: fc.constantFrom(...'aZ_0+ -.'), minLength: 1, maxLength: 4 })

/** A callback as the platform means it: its values, and how its sender encodes and signs them. */
const anyCallback = anySender.chain((sender) => {
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
type Callback = typeof anyCallback extends fc.Arbitrary<infer Item> ? Item : never

const pairsOf = ({ values, omitted, extras }: Callback) => [
  ...names.map((name, index) => [name, values[index] ?? []] as const).filter(([name]) => !omitted.includes(name)),
  ...extras,
]
const keysOf = ({ secret }: Callback) => [`current-${secret}`, `previous-${secret}`]

describe('a signed callback of any sender', () => {
  it('is accepted and stored as the sender means it', async () => {
    await fc.assert(
      fc.asyncProperty(anyCallback, async (item) => {
        const pairs = pairsOf(item)
        fc.pre(isUnambiguous(item.sender, pairs))
        const keys = keysOf(item)
        const code = computeCode(item.sender, pairs, keys[item.keyIndex] ?? '')
        const { call, sent } = createReceiver({ keys })
        expect(await call(encodeRequest(item.sender, pairs, code))).toMatchObject({ status: 200 })
        expect(sent.map(({ params }) => params)).toEqual([
          Object.fromEntries(pairs.map(([name, value]) => [name, textOf(value)])),
        ])
      }),
      { numRuns: 300 },
    )
  })

  it('is refused after any change of a signed value', async () => {
    const change = anyCallback.chain((item) =>
      fc.record({ item: fc.constant(item), index: fc.nat(), value: fc.option(anyValue(item.sender.charset)) }),
    )
    await fc.assert(
      fc.asyncProperty(change, async ({ item, index, value }) => {
        const pairs = pairsOf(item)
        const keys = keysOf(item)
        const code = computeCode(item.sender, pairs, keys[item.keyIndex] ?? '')
        const position = index % pairs.length
        const changed = pairs.map(([name, before], at) => [name, at === position ? (value ?? []) : before] as const)
        fc.pre(textOf(changed[position]?.[1] ?? []) !== textOf(pairs[position]?.[1] ?? []))
        const { call, sent } = createReceiver({ keys })
        expect(await call(encodeRequest(item.sender, changed, code))).toMatchObject({ status: 401 })
        expect(sent).toEqual([])
      }),
      { numRuns: 300 },
    )
  })
})
