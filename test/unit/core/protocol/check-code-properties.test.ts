import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCheckCodeVerifier } from '../../../../core/protocol/check-code.ts'
import { missingIdentity } from '../../../../core/protocol/identity.ts'
import type { Callback } from '../../../../core/protocol/readings.ts'
import { vectorKey, vectors } from '../../../support/vectors.ts'

type Pairs = readonly (readonly [name: string, value: string])[]

/** Signs as the document describes, independently of the implementation. */
function expectedCheckCode(pairs: Pairs, key: string): string {
  const values = pairs.filter(([, value]) => value !== '')
  values.sort(([a], [b]) => (a < b ? -1 : 1))
  return createHmac('sha256', key)
    .update(values.map(([, value]) => value).join('|'))
    .digest('hex')
}

const outcomeOf = (pairs: Pairs, code: string, keys: readonly string[]) => {
  const signed = [...pairs, ['check_code', code] as const].map(([name, value]) => ({ name, value }))
  const first = { name: 'form_decoded', signed, encoding: 'utf8', readStored: () => signed } as const
  const callback: Callback = { first, listOthers: () => [], readUnsigned: () => signed }
  return createCheckCodeVerifier(callback)(keys).outcome
}

const name = fc.string({ maxLength: 8 }).filter((candidate) => candidate !== 'check_code')
const value = fc.string({ unit: 'grapheme', maxLength: 8 })
const signedPairs = fc.uniqueArray(fc.tuple(name, value), { selector: ([key]) => key, minLength: 1, maxLength: 8 })
const key = fc.string({ minLength: 1, maxLength: 40 })

describe('createCheckCodeVerifier', () => {
  it('accepts a signature of any parameters, in any order, with its key', () => {
    const shuffled = signedPairs.chain((pairs) =>
      fc.tuple(fc.constant(pairs), fc.shuffledSubarray(pairs, { minLength: pairs.length })),
    )
    fc.assert(
      fc.property(shuffled, key, ([pairs, shuffledPairs], secret) => {
        expect(outcomeOf(shuffledPairs, expectedCheckCode(pairs, secret), [secret])).toBe('valid')
      }),
    )
  })

  it('rejects a signature if one signed value was changed or removed', () => {
    fc.assert(
      fc.property(signedPairs, fc.nat(), value, key, (pairs, seed, other, secret) => {
        const index = seed % pairs.length
        const changed = pairs.map(([key, before], position) => [key, position === index ? other : before] as const)
        fc.pre(pairs[index]?.[1] !== '' && changed[index]?.[1] !== pairs[index]?.[1])
        expect(outcomeOf(changed, expectedCheckCode(pairs, secret), [secret])).toBe('wrong')
      }),
    )
  })

  it('rejects a signature if a documented parameter was added', () => {
    fc.assert(
      fc.property(signedPairs, value, key, (pairs, added, secret) => {
        fc.pre(added !== '' && pairs.every(([key]) => key !== 'user_name'))
        expect(outcomeOf([...pairs, ['user_name', added]], expectedCheckCode(pairs, secret), [secret])).toBe('wrong')
      }),
    )
  })

  it('rejects a signature with any other key', () => {
    fc.assert(
      fc.property(signedPairs, key, key, (pairs, secret, other) => {
        fc.pre(secret !== other)
        expect(outcomeOf(pairs, expectedCheckCode(pairs, secret), [other])).toBe('wrong')
      }),
    )
  })

  it('ignores parameters without a value', () => {
    fc.assert(
      fc.property(signedPairs, key, (pairs, secret) => {
        const nonEmpty = pairs.filter(([, text]) => text !== '')
        expect(outcomeOf(nonEmpty, expectedCheckCode(pairs, secret), [secret])).toBe('valid')
      }),
    )
  })
})

describe('missingIdentity with a signed callback', () => {
  it.each(vectors)(
    'reports a renamed trace_id of $params.event, which a signature does not reveal',
    ({ params, check_code }) => {
      const { trace_id = '', ...others } = params
      const renamed = { ...others, trace_ie: trace_id }
      expect(outcomeOf(Object.entries(renamed), check_code, [vectorKey])).toBe('valid')
      expect(missingIdentity(renamed, true)).toBe('trace_id')
      expect(missingIdentity(renamed, false)).toBeUndefined()
    },
  )
})
