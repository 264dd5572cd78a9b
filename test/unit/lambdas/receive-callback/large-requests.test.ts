import { describe, expect, it } from 'vitest'
import { largeRequests } from '../../../support/abuse/large-requests.ts'
import { measureCpu } from '../../../support/abuse/measure.ts'
import { createAbusedReceiver } from '../../../support/abuse/receiver.ts'

/** CPU time, on a machine where the slowest request takes 0.25 s. A search whose time grows with the square of the size takes several seconds. */
const maxCpuMs = 1_500

describe('a request of nearly the maximum size', () => {
  it.each(Object.entries(largeRequests))('with %s is refused in a limited CPU time', async (_, request) => {
    const receive = createAbusedReceiver()
    const { result, cpuMs } = await measureCpu(() => receive(request))
    expect(result).toMatchObject({ status: expect.toBeOneOf([400, 401]), errors: [], messages: [] })
    expect(cpuMs).toBeLessThan(maxCpuMs)
  })
})
