import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { findQueryFault } from '../../../support/abuse/find-query-fault.ts'
import { anyHostileQuery, apiTokens } from '../../../support/abuse/hostile-query.ts'
import { hostileRecords } from '../../../support/abuse/hostile-records.ts'
import { FuzzTally, fuzzParameters, maxFuzzCpuMs, measureCpu } from '../../../support/abuse/measure.ts'
import { createApi } from './test-api.ts'

const parameters = fuzzParameters(60_000)
const { numRuns } = parameters

const { callRaw, call, logger } = createApi({
  ...hostileRecords,
  knownTokens: { outcome: 'configured', value: apiTokens },
})

/** Cursors of the lists that the handler itself divides into pages. */
async function listCursors(): Promise<string[]> {
  const interval = 'limit=1&from=2024-11-24T00:00Z&to=2024-11-25T00:00Z'
  const lists = [
    'attendance?room_id=R',
    'meetings?room_id=R',
    'sessions?room_id=R',
    'recordings?room_id=R',
    'usage?period=hour',
  ]
  const pages = lists.map(async (list) => {
    const [path, query] = list.split('?')
    const headers = { authorization: `Bearer ${apiTokens[0]}` }
    const { body } = await call({ path: `/api/${path}`, query: `${query}&${interval}`, headers })
    return (body as { cursor: string }).cursor
  })
  return Promise.all(pages)
}

describe('the query API, given any request', () => {
  it('never fails, takes long, answers without a token, or shows one', { timeout: numRuns * 10 }, async () => {
    const errors = vi.spyOn(logger, 'error')
    const tally = new FuzzTally()
    const files = new FuzzTally()
    const cursors = await listCursors()
    expect(cursors).toEqual(cursors.map(() => expect.any(String)))
    await fc.assert(
      fc.asyncProperty(anyHostileQuery(cursors), async (query) => {
        const { result, cpuMs } = await measureCpu(() => callRaw(query.request))
        tally.add(result.statusCode ?? 0, cpuMs)
        if (result.headers?.['content-disposition'] !== undefined) files.add(result.statusCode ?? 0)
        expect(findQueryFault(result, query) ?? errors.mock.calls[0]).toBeUndefined()
      }),
      parameters,
    )
    tally.print('requests to the query API')
    expect(tally.slowestMs).toBeLessThan(maxFuzzCpuMs)
    // The deep paths are reached.
    expect(tally.count(200)).toBeGreaterThan(numRuns / 10)
    expect(files.count(200)).toBeGreaterThan(numRuns / 1_000)
  })
})
