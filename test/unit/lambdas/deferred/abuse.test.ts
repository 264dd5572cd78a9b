import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeEnvelope } from '../../../../core/protocol/envelope.ts'
import { anyHostileCallback, receiverKeys } from '../../../support/abuse/hostile-callback.ts'
import { largeRequests } from '../../../support/abuse/large-requests.ts'
import { FuzzTally, fuzzParameters, maxFuzzCpuMs, measureCpu } from '../../../support/abuse/measure.ts'
import { createReceiver } from '../receive-callback/callbacks.ts'
import { configured, setUpVerifier, unreadable } from './defer-callbacks.ts'

const parameters = fuzzParameters(1_000)

describe('a hostile callback that arrives while the key cannot be read', () => {
  it('has the same effect as if the key had been read', { timeout: parameters.numRuns * 60 }, async () => {
    const tally = new FuzzTally()
    await fc.assert(
      fc.asyncProperty(anyHostileCallback, async ({ request }) => {
        const direct = createReceiver({ keys: receiverKeys })
        await direct.call(request)
        const deferring = createReceiver({ knownKeys: unreadable })
        const { status } = await deferring.call(request)
        const { deliver, log } = setUpVerifier(configured(...receiverKeys))
        const events: string[] = []
        const append = log.append
        log.append = (event) => {
          events.push(event.trace_id)
          return append(event)
        }
        const { result: failures, cpuMs } = await measureCpu(() =>
          deliver(...deferring.unverified.map((body): [string, string] => ['1', body])),
        )
        tally.add(status ?? 0, cpuMs)
        expect(failures).toEqual([])
        expect(status).toBeOneOf([200, 400, 401, 405, 413])
        expect(deferring.unverified).toHaveLength(status === 200 ? 1 : 0)
        expect(events).toEqual(direct.sent.map((envelope) => JSON.parse(encodeEnvelope(envelope)).trace_id))
      }),
      parameters,
    )
    tally.print('callbacks verified later')
    expect(tally.slowestMs).toBeLessThan(maxFuzzCpuMs)
  })

  it.each(Object.entries(largeRequests))('with %s is refused later in a limited CPU time', async (_, request) => {
    const deferring = createReceiver({ knownKeys: unreadable })
    await deferring.call(request)
    const { deliver, metricCount } = setUpVerifier(configured(...receiverKeys))
    const { result: failures, cpuMs } = await measureCpu(() =>
      deliver(...deferring.unverified.map((body): [string, string] => ['1', body])),
    )
    expect(failures).toEqual([])
    expect(metricCount('EventsApplied') ?? 0).toBe(0)
    expect(cpuMs).toBeLessThan(maxFuzzCpuMs)
  })
})
