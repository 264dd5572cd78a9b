import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { verifyCheckCode } from '../../../../core/protocol/check-code.ts'
import { missingIdentity } from '../../../../core/protocol/identity.ts'
import { vectorKey, vectors } from '../../../support/vectors.ts'

type Pairs = readonly (readonly [name: string, value: string])[]

/** As the document says it, in its own words; written apart from the code. */
function signature(pairs: Pairs, key: string): string {
  const values = pairs.filter(([, value]) => value !== '')
  values.sort(([a], [b]) => (a < b ? -1 : 1))
  return createHmac('sha256', key)
    .update(values.map(([, value]) => value).join('|'))
    .digest('hex')
}

const outcome = (pairs: Pairs, code: string, keys: readonly string[]) =>
  verifyCheckCode(
    [...pairs, ['check_code', code] as const].map(([name, value]) => ({ name, value, sent: value })),
    keys,
  ).outcome

const name = fc.string({ maxLength: 8 }).filter((candidate) => candidate !== 'check_code')
const value = fc.string({ unit: 'grapheme', maxLength: 8 })
const signedPairs = fc.uniqueArray(fc.tuple(name, value), { selector: ([key]) => key, minLength: 1, maxLength: 8 })
const key = fc.string({ minLength: 1, maxLength: 40 })

describe('a check_code', () => {
  it('holds for any parameters, in any order, under the key they were signed with', () => {
    const shuffled = signedPairs.chain((pairs) =>
      fc.tuple(fc.constant(pairs), fc.shuffledSubarray(pairs, { minLength: pairs.length })),
    )
    fc.assert(
      fc.property(shuffled, key, ([pairs, arrived], secret) => {
        expect(outcome(arrived, signature(pairs, secret), [secret])).toBe('valid')
      }),
    )
  })

  it('breaks where any one value changes, appears or goes', () => {
    fc.assert(
      fc.property(signedPairs, fc.nat(), value, key, (pairs, at, other, secret) => {
        const index = at % pairs.length
        const changed = pairs.map(([key, before], place) => [key, place === index ? other : before] as const)
        fc.pre(changed[index]?.[1] !== pairs[index]?.[1])
        expect(outcome(changed, signature(pairs, secret), [secret])).toBe('wrong')
      }),
    )
  })

  it('breaks under any other key', () => {
    fc.assert(
      fc.property(signedPairs, key, key, (pairs, secret, other) => {
        fc.pre(secret !== other)
        expect(outcome(pairs, signature(pairs, secret), [other])).toBe('wrong')
      }),
    )
  })

  it('does not care for parameters without a value', () => {
    fc.assert(
      fc.property(signedPairs, key, (pairs, secret) => {
        const bare = pairs.filter(([, text]) => text !== '')
        expect(outcome(bare, signature(pairs, secret), [secret])).toBe('valid')
      }),
    )
  })
})

describe('the scheme signs values, not names', () => {
  it.each(vectors)(
    'so a $params.event with trace_id renamed still has a valid signature, and is refused when signed',
    ({ params, check_code }) => {
      const { trace_id = '', ...others } = params
      const renamed = { ...others, trace_ie: trace_id }
      expect(outcome(Object.entries(renamed), check_code, [vectorKey])).toBe('valid')
      expect(missingIdentity(renamed, true)).toBe('trace_id')
      expect(missingIdentity(renamed, false)).toBeUndefined()
    },
  )
})
