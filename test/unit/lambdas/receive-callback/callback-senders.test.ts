import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyCallback, keysOf, pairsOf } from '../../../support/any-callback.ts'
import { anyValue, computeCode, encodeRequest, isUnambiguous, textOf } from '../../../support/callback-senders.ts'
import { createReceiver } from './callbacks.ts'

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
