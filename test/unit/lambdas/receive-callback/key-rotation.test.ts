import { describe, expect, it } from 'vitest'
import { checkCodeKeys } from '../../../../lambdas/receive-callback/check-code-secret.ts'
import { join, receiver, signed } from './callbacks.ts'

describe('a key that is rotated', () => {
  it('counts with the previous one, and that is counted apart', async () => {
    const { get, sent, counted } = receiver({ keys: ['new', 'old'] })
    expect(await get(signed(join, 'new'))).toMatchObject({ status: 200 })
    expect(await get(signed(join, 'old'))).toMatchObject({ status: 200 })
    expect(counted).toEqual(['accepted', 'accepted_with_previous_key'])
    expect(sent).toHaveLength(2)
  })

  it('is read again where a signature is wrong, so that no event is lost', async () => {
    const { get, sent, timesReadAgain } = receiver({ keys: ['old'], rotated: ['new', 'old'] })
    expect(await get(signed(join, 'new'))).toMatchObject({ status: 200 })
    expect(sent).toHaveLength(1)
    expect(timesReadAgain()).toBe(1)
  })

  it('that was retired meanwhile counts no more, once the keys were read again', async () => {
    const { get, counted } = receiver({ keys: ['new'], rotated: ['newer'] })
    expect(await get(signed(join, 'old'))).toMatchObject({ status: 401 })
    expect(counted).toEqual(['check_code_wrong'])
  })

  it('is not read again where the signature holds or is missing: the hot path stays short', async () => {
    const { get, timesReadAgain } = receiver()
    await get(signed(join))
    await get(join)
    expect(timesReadAgain()).toBe(0)
  })
})

describe('the check code secret', () => {
  const keysOf = (secret: unknown) => checkCodeKeys({ read: async () => secret, refresh: async () => secret }).read()

  it('has the current key, then the previous one', async () => {
    expect(await keysOf({ current: 'a', previous: 'b' })).toEqual(['a', 'b'])
    expect(await keysOf({ previous: 'b', current: 'a' })).toEqual(['a', 'b'])
    expect(await keysOf({ current: 'a', previous: null })).toEqual(['a'])
  })

  it('may have no key', async () => {
    for (const secret of [{}, { current: '', previous: null }, { current: null, previous: '' }])
      expect(await keysOf(secret)).toEqual([])
  })

  it.each([undefined, null, 'key', 5])('that is no JSON object is a failure, not "no key": %j', async (secret) => {
    await expect(keysOf(secret)).rejects.toThrow(/secret/)
  })

  it('is asked for anew when the keys are', async () => {
    const secret = { read: async () => ({ current: 'old' }), refresh: async () => ({ current: 'new' }) }
    expect(await checkCodeKeys(secret).refresh()).toEqual(['new'])
    expect(await checkCodeKeys(secret).read()).toEqual(['old'])
  })
})
