import { describe, expect, it, vi } from 'vitest'
import { createApi, noon } from './test-api.ts'

const headers = { authorization: 'Bearer api-t0ken' }
const request = { path: '/api/rooms', headers }

/** Creates an API with a limit of two queries in a second, and a counter in memory. */
function createLimitedApi(fail?: () => Promise<never>) {
  const counts = new Map<number, number>()
  const clock = { now: noon }
  const calls: number[] = []
  const counter = {
    async count(now: number) {
      calls.push(now)
      await fail?.()
      const second = Math.floor(now / 1000)
      counts.set(second, (counts.get(second) ?? 0) + 1)
      return counts.get(second) ?? 0
    },
  }
  const now = () => clock.now
  return { ...createApi({ queryRate: { maxPerSecond: 2, counter }, now }), clock, calls, counter }
}

describe('the query API with a limit of queries', () => {
  it('answers a query beyond it with 429, Retry-After and its own body, until the next second', async () => {
    const { call, clock } = createLimitedApi()
    for (const status of [200, 200, 429, 429]) expect(await call(request)).toMatchObject({ status })
    expect(await call(request)).toMatchObject({
      headers: { 'retry-after': '1' },
      body: { ret: 429, msg: expect.stringContaining('more than 2 queries in this second') },
    })
    clock.now += 1000
    expect(await call(request)).toMatchObject({ status: 200 })
  })

  it('counts the queries of other environments, and writes no more than one after the limit in a second', async () => {
    const { call, counter, calls } = createLimitedApi()
    await counter.count(noon)
    await counter.count(noon)
    for (let index = 0; index < 5; index++) expect(await call(request)).toMatchObject({ status: 429 })
    expect(calls).toHaveLength(3)
  })

  it('does not count requests without the token', async () => {
    const { call, calls } = createLimitedApi()
    for (const path of ['/api/rooms', '/api/openapi.json']) await call({ path })
    expect(calls).toEqual([])
  })

  it('answers a query that cannot be counted', async () => {
    const { call, logger } = createLimitedApi(() => Promise.reject(new Error('throttled')))
    const warn = vi.spyOn(logger, 'warn')
    for (let index = 0; index < 3; index++) expect(await call(request)).toMatchObject({ status: 200 })
    expect(warn).toHaveBeenCalledTimes(3)
  })
})
