import { describe, expect, it } from 'vitest'
import { parseCheckCodeSecret } from '../../../../adapters/secrets/key-secrets.ts'
import { checkNewKey, generateKey, readKeys, withKeys } from '../../../../cli/rotate-key/keys.ts'

describe('the keys of a secret', () => {
  it.each([
    ['a bare key', 'OLD', 'OLD', undefined],
    ['a bare key with a byte order mark and a line end', '\uFEFFOLD\r\n', 'OLD', undefined],
    ['a JSON string', '"OLD"', 'OLD', undefined],
    ['an object', '{"current":"OLD","previous":"OLDER"}', 'OLD', 'OLDER'],
    ['an object with a byte order mark', '\uFEFF{"current":" OLD ","previous":null}', 'OLD', undefined],
    ['an object that was encoded twice', JSON.stringify('{"current":"OLD","previous":"OLDER"}'), 'OLD', 'OLDER'],
    ['a number', '{"current":12345678901234567890}', '12345678901234567890', undefined],
    ['nothing', '', undefined, undefined],
    ['an empty current key', '{"current":""}', undefined, undefined],
  ])('are read from %s, and written so that the functions read the new ones', (_, text, current, previous) => {
    expect(readKeys(text)).toEqual({ current, previous })
    const rotated = withKeys(text, { current: 'NEW', previous: current })
    expect(parseCheckCodeSecret(rotated)).toEqual(current === undefined ? ['NEW'] : ['NEW', current])
  })

  it('leave other fields of the secret as they are', () => {
    const text = '{"current":"OLD","previous":null,"note":"entered by hand"}'
    expect(JSON.parse(withKeys(text, { current: 'NEW', previous: 'OLD' }))).toEqual({
      current: 'NEW',
      previous: 'OLD',
      note: 'entered by hand',
    })
  })
})

describe('a new key', () => {
  it('is random, long, and without characters that look alike or that back offices refuse', () => {
    const keys = Array.from({ length: 200 }, generateKey)
    expect(new Set(keys).size).toBe(200)
    for (const key of keys) expect(key).toMatch(/^[A-HJ-NP-Za-km-z2-9]{40}$/)
    for (const key of keys) checkNewKey(key)
  })

  it.each(['two words', 'null', 'line\nbreak'])('is refused if the functions could not use it: %j', (key) => {
    expect(() => checkNewKey(key)).toThrow()
  })
})
