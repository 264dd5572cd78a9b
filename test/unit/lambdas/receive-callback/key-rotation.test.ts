import { describe, expect, it } from 'vitest'
import { checkCodeKeys } from '../../../../lambdas/receive-callback/check-code-secret.ts'
import { createReceiver, join, sign } from './callbacks.ts'

describe('a rotated key', () => {
  it('is accepted as well as its predecessor, whose use is counted separately', async () => {
    const { get, sent, counted } = createReceiver({ keys: ['new', 'old'] })
    expect(await get(sign(join, 'new'))).toMatchObject({ status: 200 })
    expect(await get(sign(join, 'old'))).toMatchObject({ status: 200 })
    expect(counted).toEqual(['accepted', 'accepted_with_previous_key'])
    expect(sent).toHaveLength(2)
  })

  it('is read again if a signature is wrong, so that no event is lost', async () => {
    const { get, sent, refreshCount } = createReceiver({ keys: ['old'], refreshedKeys: ['new', 'old'] })
    expect(await get(sign(join, 'new'))).toMatchObject({ status: 200 })
    expect(sent).toHaveLength(1)
    expect(refreshCount()).toBe(1)
  })

  it('is no longer accepted once it has been retired', async () => {
    const { get, counted } = createReceiver({ keys: ['new'], refreshedKeys: ['newer'] })
    expect(await get(sign(join, 'old'))).toMatchObject({ status: 401 })
    expect(counted).toEqual(['check_code_wrong'])
  })

  it('is not read again if the signature is valid or missing', async () => {
    const { get, refreshCount } = createReceiver()
    await get(sign(join))
    await get(join)
    expect(refreshCount()).toBe(0)
  })
})

describe('checkCodeKeys', () => {
  const readKeys = (secret: unknown) => checkCodeKeys({ read: async () => secret, refresh: async () => secret }).read()

  it('returns the current key, then the previous one', async () => {
    expect(await readKeys({ current: 'a', previous: 'b' })).toEqual(['a', 'b'])
    expect(await readKeys({ previous: 'b', current: 'a' })).toEqual(['a', 'b'])
    expect(await readKeys({ current: 'a', previous: null })).toEqual(['a'])
  })

  it('returns an empty list if the secret has no key', async () => {
    for (const secret of [{}, { current: '', previous: null }, { current: null, previous: '' }])
      expect(await readKeys(secret)).toEqual([])
  })

  it.each([undefined, null, 'key', 5])('throws if the secret is %j instead of a JSON object', async (secret) => {
    await expect(readKeys(secret)).rejects.toThrow(/secret/)
  })

  it('refreshes the secret when the keys are refreshed', async () => {
    const secret = { read: async () => ({ current: 'old' }), refresh: async () => ({ current: 'new' }) }
    expect(await checkCodeKeys(secret).refresh()).toEqual(['new'])
    expect(await checkCodeKeys(secret).read()).toEqual(['old'])
  })
})
