import { describe, expect, it } from 'vitest'
import { responseBudgetMs } from '../../../../lambdas/receive-callback/budgets.ts'
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

  it('is read while there is time left to send the event', async () => {
    const { get, deadlines } = createReceiver()
    const startedAt = Date.now()
    await get(sign(join, 'wrong'))
    expect(deadlines).toHaveLength(2)
    for (const deadline of deadlines) {
      expect(deadline - startedAt).toBeGreaterThan(1500)
      expect(deadline - startedAt).toBeLessThan(responseBudgetMs - 400)
    }
  })
})

const error = new Error('no response')
const unreadable = { outcome: 'unreadable', error } as const

describe('a key that cannot be read again', () => {
  const unusable = { outcome: 'unusable', error } as const

  it('still verifies the callbacks that it signed', async () => {
    for (const newestKeys of [unreadable, unusable])
      expect(await createReceiver({ newestKeys }).get(sign(join))).toMatchObject({ status: 200 })
  })

  it('refuses other callbacks if the new secret is unusable', async () => {
    const { get, counted } = createReceiver({ newestKeys: unusable })
    expect(await get(sign(join, 'other'))).toMatchObject({ status: 401 })
    expect(counted).toEqual(['check_code_wrong'])
  })

  it('leaves other callbacks to apply-events if Secrets Manager does not respond', async () => {
    const { get, sent, unverified, counted } = createReceiver({ newestKeys: unreadable })
    expect(await get(sign(join, 'other'))).toMatchObject({ status: 200 })
    expect(counted).toEqual(['accepted_unverified'])
    expect(sent).toEqual([])
    expect(unverified).toHaveLength(1)
  })
})

describe('an empty secret', () => {
  const newKey = { outcome: 'configured', value: ['new'] } as const

  it('permits any check_code only if unsigned callbacks are accepted', async () => {
    expect(await createReceiver({ keys: [], allowUnsigned: true }).get(sign(join))).toMatchObject({ status: 200 })
    expect(await createReceiver({ keys: [] }).get(sign(join))).toMatchObject({ status: 401 })
  })

  it('is read again before a check_code is ignored', async () => {
    const { get } = createReceiver({ keys: [], newestKeys: newKey, allowUnsigned: true })
    expect(await get(sign(join, 'other'))).toMatchObject({ status: 401 })
    expect(await get(sign(join, 'new'))).toMatchObject({ status: 200 })
  })

  it('does not count as empty any more once it holds something unusable', async () => {
    const newestKeys = { outcome: 'unusable', error: new Error('the secret is a list') } as const
    const { get, sent, unverified } = createReceiver({ keys: [], newestKeys, allowUnsigned: true })
    expect(await get(sign(join))).toMatchObject({ status: 200 })
    expect(sent).toEqual([])
    expect(unverified).toHaveLength(1)
  })

  it('still counts as empty while Secrets Manager does not respond', async () => {
    const newestKeys = { outcome: 'unreadable', error: new Error('no response') } as const
    const { get, sent } = createReceiver({ keys: [], newestKeys, allowUnsigned: true })
    expect(await get(sign(join))).toMatchObject({ status: 200 })
    expect(sent).toHaveLength(1)
  })

  it('refuses no check_code while Secrets Manager does not respond: a key may have been entered', async () => {
    const { get, unverified } = createReceiver({ keys: [], newestKeys: unreadable })
    expect(await get(sign(join))).toMatchObject({ status: 200 })
    expect(unverified).toHaveLength(1)
  })
})

describe('a callback without check_code', () => {
  it('is accepted or refused without reading the key', async () => {
    const knownKeys = { outcome: 'unreadable', error: new Error('no response') } as const
    for (const params of [join, { ...join, check_code: '' }])
      for (const [allowUnsigned, status] of [
        [true, 200],
        [false, 401],
      ] as const) {
        const { get, deadlines } = createReceiver({ knownKeys, allowUnsigned })
        expect(await get(params)).toMatchObject({ status })
        expect(deadlines).toEqual([])
      }
  })
})
