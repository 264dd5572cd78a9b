import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { decodeEnvelope } from '../../../../core/protocol/decode-envelope.ts'
import { decodeMessage } from '../../../../core/protocol/decode-message.ts'
import { createReceiver, encodeQuery, join, sign } from './callbacks.ts'

const error = new Error('no response')
const unreadable = { outcome: 'unreadable', error } as const
const unusable = { outcome: 'unusable', error } as const
const form = `event=open&room_id=R&check_code=${'ab'.repeat(32)}&user_name=`
/** The last byte is not UTF-8. */
const bytes = Buffer.from([...Buffer.from(form), 0xd6])

describe('a callback with a check_code while the key cannot be read', () => {
  it.each([unreadable, unusable])(
    'is queued as it was sent, whatever the key would say ($outcome)',
    async (knownKeys) => {
      for (const allowUnsigned of [false, true]) {
        const { call, sent, unverified, counted, errors } = createReceiver({ knownKeys, allowUnsigned })
        const headers = {
          'content-type': 'application/x-www-form-urlencoded; charset=gbk',
          'content-encoding': 'identity',
        }
        const request = {
          method: 'POST',
          query: 'area=%E7',
          headers,
          body: bytes,
          isBase64Encoded: true,
          sourceIp: '2001:db8::7',
        }
        expect(await call({ ...request, requestId: 'REQUEST', timeEpoch: 5 })).toMatchObject({
          status: 200,
          body: { ret: 0 },
        })
        expect(sent).toEqual([])
        expect(unverified.map((body) => decodeMessage(body))).toEqual([
          {
            requestId: 'REQUEST',
            receivedAt: 5,
            sourceAddress: '2001:db8::7',
            request: {
              method: 'POST',
              rawQueryString: 'area=%E7',
              contentType: headers['content-type'],
              contentEncoding: 'identity',
              body: bytes,
            },
          },
        ])
        expect(counted).toEqual(['accepted_unverified'])
        expect(errors).toEqual([error])
      }
    },
  )

  it('is a message that is neither an event nor quarantined as one by its parameters', async () => {
    const { get, unverified } = createReceiver({ knownKeys: unreadable })
    await get(sign({ ...join, params: '{}', received_at: '1', source: 'callback' }))
    // What apply-events did before it knew such messages.
    for (const body of unverified) expect(decodeEnvelope(body)).toMatch(/not an event envelope/)
    expect(unverified).toHaveLength(1)
  })

  it('is refused if its check_code has no valid form, or if the request cannot be read', async () => {
    const { get, call, unverified } = createReceiver({ knownKeys: unreadable })
    expect(await get({ ...join, check_code: 'abc' })).toMatchObject({ status: 401 })
    expect(await call({ query: `a=1&a=2&${encodeQuery(sign(join))}` })).toMatchObject({ status: 400 })
    expect(unverified).toEqual([])
  })

  it('gets 503 if the queue cannot be reached, and 413 if the message is too large for it', async () => {
    const down = createReceiver({ knownKeys: unreadable, sendUnverified: () => Promise.reject(new Error('no route')) })
    expect(await down.get(sign(join))).toMatchObject({ status: 503, headers: { 'retry-after': '1' } })
    expect(down.counted).toEqual(['queue_unavailable'])
    const tooLarge = createReceiver({ knownKeys: unreadable, sendUnverified: async () => 'too_large' })
    expect(await tooLarge.get(sign(join))).toMatchObject({ status: 413 })
    expect(tooLarge.counted).toEqual(['too_large'])
  })
})

describe('the limit of unverified callbacks', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000 })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('lets 50 pass in any second, and answers 503 with Retry-After beyond', async () => {
    const { get, unverified, counted, errors } = createReceiver({ knownKeys: unreadable })
    const receive = async (count: number) => {
      const statuses: number[] = []
      for (let index = 0; index < count; index++) statuses.push(Number((await get(sign(join))).status))
      return statuses.filter((status) => status === 200).length
    }
    expect(await receive(30)).toBe(30)
    vi.setSystemTime(1_000_600)
    expect(await receive(30)).toBe(20)
    expect(await get(sign(join))).toMatchObject({ status: 503, headers: { 'retry-after': '1' } })
    expect(counted.filter((outcome) => outcome === 'failed')).toHaveLength(11)
    expect(errors.at(-1)).toMatchObject({ name: 'KeyUnreadableError', cause: error })
    vi.setSystemTime(1_000_999)
    expect(await receive(1)).toBe(0)
    vi.setSystemTime(1_001_000)
    expect(await receive(40)).toBe(30)
    vi.setSystemTime(1_001_600)
    expect(await receive(40)).toBe(20)
    expect(unverified).toHaveLength(100)
  })

  it('holds in each second after a clock was set back, and does not last until the old time', async () => {
    const { get, unverified } = createReceiver({ knownKeys: unreadable })
    for (let index = 0; index < 60; index++) await get(sign(join))
    vi.setSystemTime(1_000)
    for (let index = 0; index < 60; index++) await get(sign(join))
    expect(unverified).toHaveLength(100)
  })

  it('does not apply to callbacks that can be verified', async () => {
    const { get, sent } = createReceiver({ newestKeys: unreadable })
    for (let index = 0; index < 60; index++) expect(await get(sign(join, 'other'))).toBeDefined()
    expect(await get(sign(join))).toMatchObject({ status: 200 })
    expect(sent).toHaveLength(1)
  })
})
