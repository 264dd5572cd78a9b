import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createApi, token } from './query-api/test-api.ts'
import { createReceiver, encodeQuery, join, sign } from './receive-callback/callbacks.ts'

// A comparison that ends at the first difference shows in its duration only, which no test can measure reliably.
const original = crypto.timingSafeEqual
const compare = vi.fn<typeof original>((one, other) => original(one, other))
beforeAll(() => replaceComparison(compare))
afterAll(() => replaceComparison(original))
beforeEach(() => void compare.mockClear())

function replaceComparison(comparison: typeof original): void {
  crypto.timingSafeEqual = comparison
  syncBuiltinESMExports()
}

const results = () => compare.mock.results.map(({ value }) => value)

describe('the comparison in constant time', () => {
  it('decides about the token of a query, and sees both valid tokens', async () => {
    const { call } = createApi({ knownTokens: { outcome: 'configured', value: [token, 'previous'] } })
    const query = (sent: string) => call({ path: '/api/rooms', headers: { authorization: `Bearer ${sent}` } })
    expect(await query(token)).toMatchObject({ status: 200 })
    expect(results()).toEqual([true, false])
    expect(await query(`${token}x`)).toMatchObject({ status: 401 })
    expect(results()).toEqual([true, false, false, false, false, false])
  })

  it('decides about the check_code of a callback', async () => {
    const { call } = createReceiver()
    expect(await call({ query: encodeQuery(sign(join)) })).toMatchObject({ status: 200 })
    expect(results()).toEqual([true])
    expect(await call({ query: encodeQuery(sign(join, 'another')) })).toMatchObject({ status: 401 })
    expect(results().slice(1)).not.toContain(true)
    expect(results().length).toBeGreaterThan(1)
  })

  it('decides about the key of the distribution for plain HTTP', async () => {
    const edgeKey = { outcome: 'configured', value: 'edge-key' } as const
    const { call } = createReceiver({ keys: [], allowUnsigned: true, allowedCidrs: ['192.0.2.7'], edgeKey })
    const headers = { 'x-northbound-edge-key': 'edge-key', 'cloudfront-viewer-address': '192.0.2.7:1' }
    expect(await call({ query: encodeQuery(join), sourceIp: '64.252.1.1', headers })).toMatchObject({ status: 200 })
    expect(results()).toEqual([true])
  })
})
