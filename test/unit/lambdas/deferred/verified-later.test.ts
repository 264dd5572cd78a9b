import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { decodeMessage } from '../../../../core/protocol/decode-message.ts'
import { encodeEnvelope } from '../../../../core/protocol/envelope.ts'
import { anyCallback, keysOf, pairsOf } from '../../../support/any-callback.ts'
import { computeCode, encodeRequest } from '../../../support/callback-senders.ts'
import { createReceiver, join, key, sign } from '../receive-callback/callbacks.ts'
import { configured, deferCallbacks, queryOf, setUpVerifier } from './defer-callbacks.ts'

describe('a callback that is verified by apply-events', () => {
  it('becomes the same event as in the receiver, for any sender and both keys', async () => {
    await fc.assert(
      fc.asyncProperty(anyCallback, fc.nat(4e12), async (item, timeEpoch) => {
        const pairs = pairsOf(item)
        const keys = keysOf(item)
        const code = computeCode(item.sender, pairs, keys[item.keyIndex] ?? '')
        const request = { ...encodeRequest(item.sender, pairs, code), timeEpoch }
        const receiver = createReceiver({ keys })
        await receiver.call(request)
        const [body = ''] = await deferCallbacks(request)
        const { log, deliver } = setUpVerifier(configured(...keys))
        const append = vi.spyOn(log, 'append')
        expect(await deliver(['1', body])).toEqual([])
        const events = append.mock.calls.map(([event]) => event)
        expect(events).toEqual(receiver.sent.map((envelope) => decodeMessage(encodeEnvelope(envelope))))
        expect(events).toHaveLength(1)
      }),
      { numRuns: 200 },
    )
  })

  it('keeps its time of receipt and does not store its check_code', async () => {
    const [body = ''] = await deferCallbacks({ ...queryOf(sign(join)), timeEpoch: 4321 })
    const { log, deliver } = setUpVerifier(configured(key))
    const append = vi.spyOn(log, 'append')
    await deliver(['1', body])
    expect(append.mock.calls[0]?.[0]).toMatchObject({ received_at: 4321, source: 'callback', trace_id: join.trace_id })
    expect(append.mock.calls[0]?.[0].params).toEqual(join)
  })

  it('is applied once, whether it was verified at once or later', async () => {
    const { call, sent } = createReceiver()
    await call(queryOf(sign(join)))
    const bodies = await deferCallbacks(queryOf(sign(join)), queryOf(sign(join)))
    const { deliver, metricCount } = setUpVerifier(configured(key))
    const messages = [...sent.map(encodeEnvelope), ...bodies]
    expect(await deliver(...messages.map((body, index): [string, string] => [String(index), body]))).toEqual([])
    expect(metricCount('EventsApplied')).toBe(1)
    expect(metricCount('EventsDuplicate')).toBe(2)
  })

  it('is verified with the previous key, and with a key that was entered a moment ago', async () => {
    const [body = ''] = await deferCallbacks(queryOf(sign(join)))
    const rotated = setUpVerifier(configured('new', key))
    const replaced = setUpVerifier(configured('old'), { refreshedKeys: () => configured(key) })
    for (const { deliver, metricCount, refusals } of [rotated, replaced]) {
      expect(await deliver(['1', body])).toEqual([])
      expect(metricCount('EventsApplied')).toBe(1)
      expect(refusals).toEqual([])
    }
  })
})
