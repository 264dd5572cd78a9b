import { describe, expect, it, vi } from 'vitest'
import { probeParameters } from '../../../../core/protocol/probe.ts'
import { edgeKey as edgeKeyHeader, viewerAddress } from '../../../../names/headers.ts'
import type { GatewayRequest } from '../../../support/api-gateway.ts'
import { encodeBody, joinOf } from '../apply-events/set-up-handler.ts'
import { createReceiver, join, key, sign } from '../receive-callback/callbacks.ts'
import { configured, deferCallbacks, queryOf, setUpVerifier, unreadable } from './defer-callbacks.ts'

const { trace_id: _, ...withoutTraceId } = join
const { user_id: __, ...withoutUserId } = join

/** Each `\u0000` of the value takes three bytes in the query and six as JSON. */
const oversize = queryOf(sign({ ...join, user_name: '\u0000'.repeat(60_000) }))

describe('an unverified callback', () => {
  it.each<[cause: string, request: GatewayRequest, outcome: string]>([
    ['whose check_code is wrong', queryOf(sign(join, 'forged')), 'check_code_wrong'],
    ['that is a probe', queryOf(sign({ ...probeParameters('probe-1') }, 'forged')), 'probe_refused'],
    ['without a trace_id', queryOf(sign(withoutTraceId)), 'identity_missing'],
    ['without a user_id', queryOf(sign(withoutUserId)), 'identity_missing'],
    ['with an id of more than 4,096 bytes', queryOf(sign({ ...join, user_id: 'x'.repeat(4_097) })), 'unreadable'],
    ['with more than 350,000 bytes of parameters as JSON', oversize, 'too_large'],
  ])('%s is counted and dropped, without a read or write of the tables', async (_, request, outcome) => {
    const [body = ''] = await deferCallbacks(request)
    const { deliver, refusals, log, store, failedAt, metricCount, added } = setUpVerifier(configured(key))
    const uses = [
      vi.spyOn(log, 'append'),
      vi.spyOn(log, 'quarantine'),
      vi.spyOn(store, 'read'),
      vi.spyOn(store, 'write'),
    ]
    expect(await deliver(['1', body])).toEqual([])
    expect(refusals).toEqual([outcome])
    for (const use of uses) expect(use).not.toHaveBeenCalled()
    expect(failedAt).toEqual([])
    expect(added).toEqual([])
    for (const name of ['EventsApplied', 'EventsFailed', 'EventsQuarantined']) expect(metricCount(name), name).toBe(0)
  })

  it('is kept as a sample like a refused callback, with its address and without secrets, if it is refused', async () => {
    const forged = sign({ ...join, user_name: `my ${key}` }, 'forged')
    const [body = ''] = await deferCallbacks({ ...queryOf(forged), timeEpoch: 4321, sourceIp: '192.0.2.7' })
    const { deliver, samples } = setUpVerifier(configured(key))
    await deliver(['1', body])
    expect(samples).toEqual([
      {
        at: 4321,
        outcome: 'check_code_wrong',
        msg: expect.stringContaining('the key of the platform differs'),
        method: 'GET',
        source_address: '192.0.2.7',
        parameters: [
          ...Object.entries(join).map(([name, value]) => ({ name, value })),
          { name: 'user_name', value: '[redacted]' },
          { name: 'check_code', value: '[redacted]' },
        ],
      },
    ])
  })

  it('is sampled with the address that the distribution states', async () => {
    const viaDistribution = { [viewerAddress.toLowerCase()]: '203.0.113.9:1234', [edgeKeyHeader]: 'EDGE' }
    const receiver = createReceiver({
      knownKeys: unreadable,
      allowedCidrs: ['203.0.113.0/24'],
      edgeKey: { outcome: 'configured', value: 'EDGE' },
    })
    await receiver.call({ ...queryOf(sign(join, 'forged')), headers: viaDistribution, sourceIp: '192.0.2.7' })
    const { deliver, samples } = setUpVerifier(configured(key))
    await deliver(['1', receiver.unverified[0] ?? ''])
    expect(samples).toMatchObject([{ source_address: '203.0.113.9' }])
  })

  it('is sampled at most once in five seconds, and dropped even if the sample cannot be kept', async () => {
    const bodies = await deferCallbacks(...['a', 'b', 'c'].map((name) => queryOf(sign(join, name))))
    const messages = bodies.map((body, index): [string, string] => [String(index), body])
    const { deliver, samples, refusals } = setUpVerifier(configured(key))
    expect(await deliver(...messages)).toEqual([])
    expect(refusals).toHaveLength(3)
    expect(samples).toHaveLength(1)
    const broken = setUpVerifier(configured(key), { sample: true })
    expect(await broken.deliver(...messages)).toEqual([])
    expect(broken.refusals).toHaveLength(3)
    expect(broken.warn.mock.calls.filter(([message]) => message === 'refused callback not sampled')).toHaveLength(1)
  })

  it('is counted with the others of its batch, and dropped even if the count cannot be saved', async () => {
    const [body = '', ...forged] = await deferCallbacks(
      ...['forged', 'wrong', key].map((name) => queryOf(sign(join, name))),
      queryOf(sign(withoutUserId)),
    )
    const messages = [body, ...forged].map((text, index): [string, string] => [String(index), text])
    const { deliver, tallied } = setUpVerifier(configured(key), { now: () => 3 * 60_000 + 7 })
    expect(await deliver(...messages)).toEqual([])
    expect(tallied).toEqual([[{ check_code_wrong: 2, identity_missing: 1 }, 3 * 60_000]])
    const broken = setUpVerifier(configured(key), { tally: true })
    expect(await broken.deliver(...messages)).toEqual([])
    expect(broken.refusals).toHaveLength(3)
    expect(broken.warn.mock.calls.filter(([message]) => message === 'refused callbacks not counted')).toHaveLength(1)
  })

  it('is logged without its parameters if it is refused', async () => {
    const [body = ''] = await deferCallbacks({ ...queryOf(sign(join, 'forged')), requestId: 'REQUEST' })
    const { deliver, warn, error } = setUpVerifier(configured(key))
    await deliver(['1', body])
    const about = { messageId: '1', request_id: 'REQUEST', outcome: 'check_code_wrong' }
    expect(warn.mock.calls).toEqual([['unverified callback refused', about]])
    expect(error).not.toHaveBeenCalled()
  })

  it('is accepted without verification only if the secret is empty and unsigned callbacks are accepted', async () => {
    const [body = ''] = await deferCallbacks(queryOf(sign(join, 'forged')))
    const empty = { outcome: 'not_configured' } as const
    const unsigned = setUpVerifier(empty, { allowUnsigned: true })
    expect(await unsigned.deliver(['1', body])).toEqual([])
    expect(unsigned.metricCount('EventsApplied')).toBe(1)
    for (const verifier of [setUpVerifier(empty), setUpVerifier(configured(key), { allowUnsigned: true })]) {
      expect(await verifier.deliver(['1', body])).toEqual([])
      expect(verifier.refusals).toEqual(['check_code_wrong'])
      expect(verifier.metricCount('EventsApplied')).toBe(0)
    }
  })

  it('cannot become a command', async () => {
    const params = { ...join, command: 'rebuild', aggregate: '{"kind":"room","room_id":"R"}', unverified: '{}' }
    const bodies = await deferCallbacks(queryOf(sign(params)), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(sign(params)),
    })
    const { deliver, metricCount } = setUpVerifier(configured(key))
    expect(await deliver(...bodies.map((body, index): [string, string] => [String(index), body]))).toEqual([])
    expect(metricCount('ProjectionsRebuilt')).toBe(0)
    expect(metricCount('EventsApplied')).toBe(1)
  })
})

describe('an unverified callback while the key cannot be read', () => {
  it('is retried after a growing delay, and verified once the key can be read', async () => {
    const bodies = await deferCallbacks(queryOf(sign(join)), queryOf(sign(join, 'forged')))
    const clock = { now: 0 }
    const { secret, deliver, refusals, delayed, metricCount } = setUpVerifier(unreadable, { now: () => clock.now })
    const receive = (receives: number) =>
      deliver(...bodies.map((body, index): [string, string, number] => [String(index), body, receives]))
    for (let receives = 1; receives <= 4; receives++) {
      expect(await receive(receives)).toEqual(['0', '1'])
      clock.now += 10_000
    }
    expect(delayed.map(({ delaySeconds }) => delaySeconds)).toEqual([5, 5, 10, 10, 20, 20, 40, 40])
    expect(refusals).toEqual([])
    secret.reading = configured(key)
    expect(await receive(5)).toEqual([])
    expect(refusals).toEqual(['check_code_wrong'])
    expect(metricCount('EventsApplied')).toBe(1)
  })

  it('is not counted as refused if only a new read of the key fails', async () => {
    const [body = ''] = await deferCallbacks(queryOf(sign(join, 'new')))
    const { deliver, refusals } = setUpVerifier(configured('old'), { refreshedKeys: () => unreadable })
    expect(await deliver(['1', body])).toEqual(['1'])
    expect(refusals).toEqual([])
  })

  it('does not keep other messages of its batch from being applied first', async () => {
    const [body = ''] = await deferCallbacks(queryOf(sign(join)))
    const order: string[] = []
    const keys = () => {
      order.push('key')
      return unreadable
    }
    const publish = async () => {
      order.push('published')
      return new Map()
    }
    const { deliver, metricCount } = setUpVerifier(unreadable, { keys, publish })
    expect(await deliver(['1', body], ['2', encodeBody(joinOf('a'))])).toEqual(['1'])
    expect(metricCount('EventsApplied')).toBe(1)
    expect(order).toEqual(['published', 'key'])
  })

  it('shares one read of the key with its batch, and pauses after a failure', async () => {
    const bodies = await deferCallbacks(...['a', 'b', 'c'].map((name) => queryOf(sign(join, name))))
    const messages = bodies.map((body, index): [string, string] => [String(index), body])
    const clock = { now: 0 }
    const { secret, deliver, keyReads } = setUpVerifier(unreadable, { now: () => clock.now })
    await deliver(...messages)
    expect(keyReads).toEqual(['read'])
    clock.now = 4_999
    await deliver(...messages)
    expect(keyReads).toEqual(['read'])
    secret.reading = configured(key)
    clock.now = 5_000
    await deliver(...messages)
    expect(keyReads).toEqual(['read', 'read', 'refresh'])
  })
})
