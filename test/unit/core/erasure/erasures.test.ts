import { describe, expect, it } from 'vitest'
import { addErasure, createErasedCheck, type Erasures, hashUserId } from '../../../../core/erasure/erasures.ts'

const none: Erasures = { key: Buffer.alloc(32, 1), erasedAt: new Map() }
const day = 86_400_000

describe('erasures', () => {
  it('cover what was received until then, and nothing later', () => {
    const isErased = createErasedCheck(addErasure(none, 'U', 1000))
    expect([999, 1000, 1001].map((at) => isErased('U', at))).toEqual([true, true, false])
    expect(isErased('V', 0)).toBe(false)
  })

  it('keep the later time of two erasures of one person', () => {
    const twice = addErasure(addErasure(none, 'U', 2000), 'U', 1000)
    expect([...twice.erasedAt.values()]).toEqual([2000])
  })

  it('drop a person whose events can no longer be under way', () => {
    const erasures = addErasure(none, 'U', 0)
    expect(addErasure(erasures, 'V', 25 * day - 1).erasedAt.size).toBe(2)
    expect(addErasure(erasures, 'V', 25 * day).erasedAt.size).toBe(1)
  })

  it('hash an id with a key, so that equal ids have different hashes in different installations', () => {
    expect(hashUserId(none.key, '138')).toMatch(/^[\w-]{43}$/)
    expect(hashUserId(none.key, '138')).not.toBe(hashUserId(Buffer.alloc(32, 2), '138'))
  })

  it.each(['', ' ', '王小明', 'a/b#c%d~e', '👩🏽', '\u0000', '__proto__', 'x'.repeat(4096)])(
    'cover the id %j',
    (id) => {
      const isErased = createErasedCheck(addErasure(none, id, 1))
      expect(isErased(id, 1)).toBe(true)
      expect(isErased(`${id} `, 1)).toBe(false)
    },
  )
})
