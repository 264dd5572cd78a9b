import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AwsError } from '../../../../adapters/aws-json/client.ts'
import { parseCheckCodeSecret } from '../../../../adapters/secrets/key-secrets.ts'
import { createSecretReader } from '../../../../adapters/secrets/secret-reader.ts'
import { configured, createReader, freeze, settle, silence } from './scripted-secret.ts'

const throttled = new AwsError('ThrottlingException', 400, 'Rate exceeded')
const denied = new AwsError('AccessDeniedException', 400, 'no')
beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('createSecretReader', () => {
  it('requests the secret before it is needed, and parses each version once', async () => {
    const { read, refresh, requestedAt, parsed } = createReader(() => 'a')
    expect(requestedAt).toEqual([0])
    for (let times = 0; times < 5; times++) expect(await read()).toEqual(configured('a'))
    expect(requestedAt).toHaveLength(1)
    for (let times = 0; times < 5; times++) {
      freeze(61_000)
      expect(await read()).toEqual(configured('a'))
      freeze(3_000)
      expect(await refresh()).toEqual(configured('a'))
    }
    expect(requestedAt).toHaveLength(11)
    expect(parsed).toEqual(['a'])
  })

  it('shares one request among concurrent callers', async () => {
    const { read, refresh, requestedAt } = createReader(() => 'a')
    expect(await Promise.all([read(), read(), refresh()])).toEqual([configured('a'), configured('a'), configured('a')])
    expect(requestedAt).toHaveLength(1)
  })

  it('returns not_configured for an empty secret', async () => {
    expect(await createReader(() => '').read()).toMatchObject({ outcome: 'not_configured' })
  })

  it.each([{}, undefined, { SecretString: 5 }])('does not take the response %j for an empty secret', async (output) => {
    const reader = createSecretReader({
      client: async () => output,
      secretArn: 'arn:secret',
      parse: parseCheckCodeSecret,
      reportUnusable: () => undefined,
    })
    expect(await settle(reader.read(Date.now() + 100))).toMatchObject({ outcome: 'unreadable' })
  })

  it('reads a secret that was saved as bytes', async () => {
    const reader = createSecretReader({
      client: async () => ({ SecretBinary: Buffer.from('\uFEFFk1\n').toString('base64') }),
      secretArn: 'arn:secret',
      parse: parseCheckCodeSecret,
      reportUnusable: () => undefined,
    })
    expect(await settle(reader.read(Date.now() + 100))).toEqual(configured('k1'))
  })

  it('does not take bytes that are not text for a key', async () => {
    const reader = createSecretReader({
      client: async () => ({ SecretBinary: Buffer.from('S3cret-\xe9', 'latin1').toString('base64') }),
      secretArn: 'arn:secret',
      parse: parseCheckCodeSecret,
      reportUnusable: () => undefined,
    })
    expect(await settle(reader.read(Date.now() + 100))).toMatchObject({ outcome: 'unusable' })
  })
})

describe('the first read of a secret', () => {
  it.each([throttled, new AwsError('InternalServiceError', 500, ''), new Error('socket hang up')])(
    'is repeated after a growing delay until it succeeds (%s)',
    async (failure) => {
      const { read, requestedAt } = createReader((request) => (request < 5 ? failure : 'a'))
      expect(await read()).toEqual(configured('a'))
      expect(requestedAt).toEqual([0, 50, 150, 350, 750])
    },
  )

  it('ends when no time is left', async () => {
    const { read } = createReader(() => throttled)
    const reading = await read()
    expect(reading).toMatchObject({ outcome: 'unreadable', error: throttled })
    expect(reading.ms).toBeGreaterThan(1300)
    expect(reading.ms).toBeLessThanOrEqual(1910)
  })

  it('leaves time for another request if there is no response', async () => {
    const { read, requestedAt } = createReader((request) => (request < 3 ? silence : 'a'))
    const reading = await read()
    expect(reading).toEqual(configured('a'))
    expect(reading.ms).toBeLessThan(1700)
    expect(requestedAt).toHaveLength(3)
  })

  it('says that the response is missing', async () => {
    const { read } = createReader(() => silence)
    const { outcome, ms, ...rest } = await read()
    expect(outcome).toBe('unreadable')
    expect(String(JSON.stringify(rest, (_, value) => (value instanceof Error ? value.message : value)))).toContain(
      'did not respond',
    )
    expect(ms).toBeLessThanOrEqual(1910)
  })

  it('is not repeated if the service refuses it', async () => {
    const { read, requestedAt } = createReader(() => denied)
    expect(await read()).toMatchObject({ outcome: 'unreadable', error: denied })
    // The request before the first call, and one within it.
    expect(requestedAt.length).toBeLessThanOrEqual(2)
  })

  it('is repeated every two seconds after it has failed, for a quarter of a second, and with all the time after ten', async () => {
    const { read, requestedAt, setResponse } = createReader(() => silence)
    expect((await read()).ms).toBeGreaterThan(1500)
    const before = requestedAt.length
    for (let times = 0; times < 10; times++) expect(await read()).toMatchObject({ outcome: 'unreadable', ms: 0 })
    expect(requestedAt).toHaveLength(before)
    for (let times = 0; times < 3; times++) {
      freeze(2_000)
      const { ms } = await read()
      expect(ms).toBeGreaterThan(200)
      expect(ms).toBeLessThanOrEqual(260)
      expect(await read()).toMatchObject({ outcome: 'unreadable', ms: 0 })
    }
    freeze(10_000)
    expect((await read()).ms).toBeGreaterThan(1500)
    freeze(2_000)
    setResponse('a')
    expect(await read()).toEqual(configured('a'))
  })

  it.each<[string, Parameters<typeof createReader>[0]]>([
    ['does not respond', () => silence],
    ['throttles', () => throttled],
  ])('takes less than a third of the time while the service %s', async (_, respond) => {
    const { read, requestedAt } = createReader(respond)
    let waitedMs = 0
    const startedAt = Date.now()
    while (Date.now() - startedAt < 600_000) {
      waitedMs += (await read()).ms
      freeze(50)
    }
    expect(waitedMs / (Date.now() - startedAt)).toBeLessThan(0.33)
    expect(requestedAt.length / 600).toBeLessThan(2.5)
  })
})

describe('a secret that is older than a minute', () => {
  async function createWarmReader(text = 'a') {
    const reader = createReader(() => text)
    await reader.read()
    freeze(3_600_000)
    return reader
  }

  it('is read again before it is used', async () => {
    const { read, setResponse } = await createWarmReader()
    setResponse('b')
    expect(await read()).toEqual(configured('b'))
  })

  it('is read again over a new connection if the old one has died during a freeze', async () => {
    const { read, requestedAt, setResponse } = await createWarmReader()
    setResponse(new Error('socket hang up'))
    setTimeout(() => setResponse('b'), 20)
    expect(await read()).toEqual(configured('b'))
    expect(requestedAt).toHaveLength(3)
  })

  it('is used if it cannot be read in time, and is not read again at once', async () => {
    const { read, requestedAt, setResponse } = await createWarmReader()
    setResponse(silence)
    const reading = await read()
    expect(reading).toEqual(configured('a'))
    expect(reading.ms).toBeLessThanOrEqual(1010)
    const before = requestedAt.length
    freeze(3_000)
    expect(await read()).toMatchObject({ outcome: 'configured', value: ['a'], ms: expect.closeTo(0, -2) })
    expect(requestedAt).toHaveLength(before)
    freeze(10_000)
    setResponse('b')
    expect(await read()).toEqual(configured('b'))
  })

  it('does not take longer than the caller has time', async () => {
    const { read, setResponse } = await createWarmReader()
    setResponse(silence)
    expect((await read(300)).ms).toBeLessThanOrEqual(310)
  })
})

describe('recalling a secret', () => {
  it('waits for the first request and makes none', async () => {
    const { recall, requestedAt } = createReader(() => 'a')
    expect(await recall()).toEqual(configured('a'))
    freeze(3_600_000)
    expect(await recall()).toEqual(configured('a'))
    expect(requestedAt).toEqual([0])
  })

  it('yields nothing after a failed request, and does not change how the secret is read next', async () => {
    const { recall, read, setResponse, requestedAt } = createReader(() => new Error('down'))
    expect(await recall()).toBeUndefined()
    expect(await recall()).toBeUndefined()
    expect(requestedAt).toEqual([0])
    setResponse('a')
    expect(await read()).toMatchObject({ outcome: 'configured', ms: 0 })
  })
})

describe('the refresh of a secret', () => {
  it('reads it again, but not within two seconds', async () => {
    const { read, refresh, requestedAt, setResponse } = createReader(() => 'a')
    await read()
    setResponse('b')
    expect(await refresh()).toEqual(configured('a'))
    freeze(2_000)
    expect(await refresh()).toEqual(configured('b'))
    expect(await read()).toEqual(configured('b'))
    for (let times = 0; times < 50; times++) await refresh()
    expect(requestedAt).toHaveLength(2)
  })

  it('says that it could not be read, while read returns the old value', async () => {
    const { read, refresh, setResponse } = createReader(() => 'a')
    await read()
    freeze(3_000)
    setResponse(throttled)
    expect(await refresh()).toMatchObject({ outcome: 'unreadable', error: throttled })
    expect(await refresh()).toMatchObject({ outcome: 'unreadable', error: throttled })
    expect(await read()).toEqual(configured('a'))
    freeze(2_000)
    setResponse('b')
    expect(await refresh()).toEqual(configured('b'))
  })

  it('takes a second once and a quarter of a second then, while the service does not respond', async () => {
    const { read, refresh, setResponse } = createReader(() => 'a')
    await read()
    setResponse(silence)
    freeze(3_000)
    expect((await refresh()).ms).toBeGreaterThan(900)
    for (let times = 0; times < 3; times++) {
      freeze(2_000)
      expect((await refresh()).ms).toBeLessThanOrEqual(260)
    }
    freeze(10_000)
    expect((await refresh()).ms).toBeGreaterThan(900)
  })
})

describe('a freeze during the request before the first call', () => {
  it('makes a new request, and ignores how the old one ends', async () => {
    const { read, requestedAt } = createReader((request) => (request === 1 ? silence : 'new'))
    freeze(3_600_000)
    const reading = await read()
    expect(reading).toEqual(configured('new'))
    expect(reading.ms).toBeLessThanOrEqual(20)
    expect(requestedAt).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(await read()).toEqual(configured('new'))
  })

  it('does not let a late response replace a newer one', async () => {
    let respondLate: (output: unknown) => void = () => undefined
    const responses = [
      new Promise((resolve) => {
        respondLate = resolve
      }),
      Promise.resolve({ SecretString: 'new' }),
    ]
    const reader = createSecretReader({
      client: async () => responses.shift(),
      secretArn: 'arn:secret',
      parse: parseCheckCodeSecret,
      reportUnusable: () => undefined,
    })
    freeze(3_600_000)
    expect(await settle(reader.read(Date.now() + 1000))).toEqual(configured('new'))
    respondLate({ SecretString: 'old' })
    await vi.advanceTimersByTimeAsync(10)
    expect(await settle(reader.read(Date.now() + 1000))).toEqual(configured('new'))
  })
})
