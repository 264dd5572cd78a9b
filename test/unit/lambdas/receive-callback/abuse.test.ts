import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findReceiverFault } from '../../../support/abuse/find-receiver-fault.ts'
import { anyHostileCallback } from '../../../support/abuse/hostile-callback.ts'
import { FuzzTally, fuzzParameters, maxFuzzCpuMs, measureCpu } from '../../../support/abuse/measure.ts'
import { createAbusedReceiver } from '../../../support/abuse/receiver.ts'

const parameters = fuzzParameters(40_000)
const { numRuns } = parameters

describe('the receiver, given any callback', () => {
  it('never fails, takes long, stores what was not signed, or shows a secret', { timeout: numRuns * 10 }, async () => {
    const receive = createAbusedReceiver()
    const tally = new FuzzTally()
    await fc.assert(
      fc.asyncProperty(anyHostileCallback, async (callback) => {
        const { result, cpuMs } = await measureCpu(() => receive(callback.request))
        tally.add(result.status, cpuMs)
        expect(findReceiverFault(result, callback)).toBeUndefined()
      }),
      parameters,
    )
    tally.print('callbacks to the handler')
    expect(tally.slowestMs).toBeLessThan(maxFuzzCpuMs)
    // The deep paths are reached.
    expect(tally.count(200)).toBeGreaterThan(numRuns / 3)
  })
})
