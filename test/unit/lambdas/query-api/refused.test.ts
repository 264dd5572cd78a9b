import { describe, expect, it } from 'vitest'
import type { RefusedSample } from '../../../../core/ports/refused-samples.ts'
import { createApi, isoAfterNoon, noon } from './test-api.ts'

const sample: RefusedSample = {
  at: noon,
  outcome: 'check_code_wrong',
  msg: 'check_code is wrong',
  method: 'GET',
  source_address: '192.0.2.7',
  parameters: [{ name: 'room_id', value: '1' }],
}

describe('GET /api/refused', () => {
  it('lists the samples, with ISO times', async () => {
    const { get } = createApi({ listRefused: async () => ({ items: [sample], cursor: null }) })
    expect(await get('/api/refused')).toMatchObject({
      status: 200,
      body: { items: [{ ...sample, at: isoAfterNoon(0) }], cursor: null },
    })
  })

  it('passes the limit and the cursor on, and returns the cursor of the next page', async () => {
    const requests: unknown[] = []
    const { get } = createApi({
      listRefused: async (_, page) => {
        requests.push(page)
        return { items: [sample], cursor: 'next' }
      },
    })
    expect(await get('/api/refused', 'limit=1&cursor=')).toMatchObject({ body: { cursor: 'next' } })
    await get('/api/refused', 'cursor=next')
    expect(requests).toEqual([
      { limit: 1, cursor: null },
      { limit: 100, cursor: 'next' },
    ])
  })

  it('shows a sample whose outcome this version does not know', async () => {
    const { get } = createApi({
      listRefused: async () => ({ items: [{ ...sample, outcome: 'renamed' }], cursor: null }),
    })
    expect(await get('/api/refused')).toMatchObject({ status: 200 })
  })

  it('takes no other parameter and no other method', async () => {
    const { get, call } = createApi()
    expect(await get('/api/refused', 'room_id=1')).toMatchObject({ status: 400 })
    const request = { path: '/api/refused', method: 'POST', headers: { authorization: 'Bearer api-t0ken' } }
    expect(await call(request)).toMatchObject({ status: 405 })
    expect(await call({ path: '/api/refused' })).toMatchObject({ status: 401 })
  })
})
