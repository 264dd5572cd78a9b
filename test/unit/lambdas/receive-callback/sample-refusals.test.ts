import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { RefusedSample } from '../../../../core/ports/refused-samples.ts'
import type { CheckCodeKeys, SecretReading } from '../../../../core/ports/secret-reader.ts'
import { CallbackError } from '../../../../lambdas/callback-error.ts'
import { toRefusedCallback } from '../../../../lambdas/receive-callback/read-request.ts'
import { createRefusalSampler } from '../../../../lambdas/sample-refusals.ts'
import { createGatewayEvent, type GatewayRequest } from '../../../support/api-gateway.ts'
import { createReceiver, encodeQuery, join, key, sign } from './callbacks.ts'

const refusal = new CallbackError(401, 'check_code_wrong', 'check_code is wrong')

function createSampler({
  put = async () => undefined,
  recall = async () => ({ outcome: 'configured', value: [key] }),
}: {
  readonly put?: () => Promise<void>
  readonly recall?: () => Promise<SecretReading<CheckCodeKeys> | undefined>
} = {}) {
  const samples: RefusedSample[] = []
  const errors: unknown[] = []
  const sampler = createRefusalSampler({
    samples: {
      put(sample) {
        samples.push(sample)
        return put()
      },
    },
    keys: { recall },
    maxSampleMs: 300,
    reportError: (_, error) => errors.push(error),
  })
  const sample = (request: GatewayRequest, error = refusal) =>
    sampler(toRefusedCallback(createGatewayEvent(request), undefined), error)
  return { samples, errors, sample }
}

describe('createRefusalSampler', () => {
  beforeEach(() => vi.useFakeTimers({ now: 1_764_000_000_000 }))
  afterEach(() => vi.useRealTimers())

  it('keeps the time, cause, message, method, address and parameters of a refused request', async () => {
    const { samples, sample } = createSampler()
    const body = encodeQuery({ ...join, check_code: 'wrong', user_name: `my ${key}` })
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    await sample({ method: 'POST', query: 'site=3&site=4', headers, body, timeEpoch: 7, sourceIp: '192.0.2.7' })
    expect(samples).toEqual([
      {
        at: 7,
        outcome: 'check_code_wrong',
        msg: 'check_code is wrong',
        method: 'POST',
        source_address: '192.0.2.7',
        parameters: [
          { name: 'site', value: '3' },
          { name: 'site', value: '4' },
          ...Object.entries(join).map(([name, value]) => ({ name, value })),
          { name: 'check_code', value: '[redacted]' },
          { name: 'user_name', value: '[redacted]' },
        ],
      },
    ])
  })

  it('keeps no sample of a refused probe', async () => {
    const { samples, sample } = createSampler()
    await sample({ query: encodeQuery(join) }, new CallbackError(401, 'probe_refused', 'check_code is wrong'))
    expect(samples).toEqual([])
  })

  it('keeps the parameters of the query if the body cannot be read', async () => {
    const { samples, sample } = createSampler()
    await sample({ method: 'POST', query: 'site=3', headers: { 'content-type': 'application/json' }, body: '{' })
    expect(samples).toMatchObject([{ parameters: [{ name: 'site', value: '3' }] }])
  })

  it.each([undefined, { outcome: 'unusable', error: new Error('bad') } as const])(
    'keeps no values while the keys are not known: %j',
    async (reading) => {
      const { samples, sample } = createSampler({ recall: async () => reading })
      await sample({ query: encodeQuery(join) })
      expect(samples[0]?.parameters.every(({ value }) => value === '[redacted]')).toBe(true)
    },
  )

  it('keeps values if no key is configured', async () => {
    const { samples, sample } = createSampler({ recall: async () => ({ outcome: 'not_configured' }) })
    await sample({ query: 'room_id=1' })
    expect(samples).toMatchObject([{ parameters: [{ name: 'room_id', value: '1' }] }])
  })

  it('keeps at most one request in five seconds, also after the clock was set back', async () => {
    const { samples, sample } = createSampler()
    for (const waitMs of [0, 1, 4_998, 1, 4_999, 1]) {
      vi.setSystemTime(Date.now() + waitMs)
      await sample({})
    }
    expect(samples).toHaveLength(3)
    vi.setSystemTime(Date.now() - 3_600_000)
    await sample({})
    await sample({})
    expect(samples).toHaveLength(4)
  })

  it('keeps a request of each outcome in five seconds', async () => {
    const { samples, sample } = createSampler()
    for (const outcome of ['unreadable', 'unreadable', 'check_code_wrong', 'check_code_wrong'] as const)
      await sample({}, new CallbackError(400, outcome, 'refused'))
    expect(samples.map(({ outcome }) => outcome)).toEqual(['unreadable', 'check_code_wrong'])
  })

  it.each(['queue_unavailable', 'failed'] as const)('keeps nothing of a request that got 503: %s', async (outcome) => {
    const { samples, sample } = createSampler()
    await sample({}, new CallbackError(503, outcome, 'later'))
    expect(samples).toEqual([])
  })

  it.each([
    ['the table does not respond', { put: () => new Promise<void>(() => {}) }],
    ['the secret does not respond', { recall: () => new Promise<undefined>(() => {}) }],
  ])('gives up after 300 ms if %s', async (_, options) => {
    const { errors, sample } = createSampler(options)
    let isDone = false
    const done = sample({}).then(() => {
      isDone = true
    })
    await vi.advanceTimersByTimeAsync(299)
    expect(isDone).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    await done
    expect(errors).toHaveLength(1)
  })

  it('reports a failed write and does not fail', async () => {
    const { errors, sample } = createSampler({ put: () => Promise.reject(new Error('throttled')) })
    await sample({})
    expect(errors).toEqual([new Error('throttled')])
  })
})

describe('the receiver', () => {
  it('samples and counts refused callbacks and no accepted ones', async () => {
    const { get, sampled, tallied } = createReceiver()
    await get(sign(join))
    expect(sampled).toEqual([])
    await get(join)
    await get(sign(join, 'other'))
    expect(sampled).toEqual(['check_code_missing', 'check_code_wrong'])
    expect(tallied).toEqual(sampled)
  })
})
