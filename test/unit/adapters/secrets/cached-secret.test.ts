import { describe, expect, it } from 'vitest'
import type { AwsJsonClient } from '../../../../adapters/aws-json/client.ts'
import { cachedSecret } from '../../../../adapters/secrets/cached-secret.ts'

const requestTimeoutMs = 1_000

type SecretRequest = { readonly target: string; readonly input: object; respond(secret: unknown): void; fail(): void }

/** A cached secret with a service and a clock that the test controls. */
function createControlledSecret() {
  const requests: SecretRequest[] = []
  let now = 1_000_000
  const client: AwsJsonClient = (target, input) =>
    new Promise((resolve, reject) => {
      const respond = (secret: unknown) => resolve({ SecretString: JSON.stringify(secret) })
      requests.push({ target, input, respond, fail: () => reject(new Error('no response')) })
    })
  const secret = cachedSecret({ client, secretArn: 'arn:secret', requestTimeoutMs, now: () => now })
  return {
    requests,
    secret,
    advance: (ms: number) => {
      now += ms
    },
  }
}

/** Lets pending promises settle. */
const settle = () => new Promise((resolve) => setImmediate(resolve))

async function createCachedSecret(value: unknown) {
  const controlled = createControlledSecret()
  controlled.requests[0]?.respond(value)
  await settle()
  return controlled
}

describe('cachedSecret', () => {
  it('requests the secret by its ARN before it is needed', () => {
    expect(createControlledSecret().requests).toMatchObject([
      { target: 'secretsmanager.GetSecretValue', input: { SecretId: 'arn:secret' } },
    ])
  })

  it('shares one request among concurrent callers', async () => {
    const { secret, requests } = createControlledSecret()
    const reads = [secret.read(), secret.read(), secret.refresh()]
    requests[0]?.respond({ current: 'k' })
    expect(await Promise.all(reads)).toEqual([{ current: 'k' }, { current: 'k' }, { current: 'k' }])
    expect(requests).toHaveLength(1)
  })

  it('returns the cached value without a request', async () => {
    const { secret, requests, advance } = await createCachedSecret('a')
    for (let times = 0; times < 50; times++) {
      expect(await secret.read()).toBe('a')
      advance(1000)
    }
    expect(requests).toHaveLength(1)
  })

  it('refreshes an old value in the background and returns it meanwhile', async () => {
    const { secret, requests, advance } = await createCachedSecret('a')
    advance(600_000)
    expect(await secret.read()).toBe('a')
    expect(await secret.read()).toBe('a')
    expect(requests).toHaveLength(2)
    requests[1]?.respond('b')
    await settle()
    expect(await secret.read()).toBe('b')
    expect(requests).toHaveLength(2)
  })

  it('returns the old value if the refresh fails, and tries again', async () => {
    const { secret, requests, advance } = await createCachedSecret('a')
    advance(600_000)
    expect(await secret.read()).toBe('a')
    requests[1]?.fail()
    await settle()
    expect(await secret.read()).toBe('a')
    expect(requests).toHaveLength(3)
  })

  it('reads the secret again on refresh, and caches the new value', async () => {
    const { secret, requests, advance } = await createCachedSecret('a')
    advance(30_000)
    const again = secret.refresh()
    requests[1]?.respond('b')
    expect(await again).toBe('b')
    expect(await secret.read()).toBe('b')
    expect(requests).toHaveLength(2)
  })

  it('does not read the secret again if it was refreshed within the last seconds', async () => {
    const { secret, requests, advance } = await createCachedSecret('a')
    advance(30_000)
    const again = secret.refresh()
    requests[1]?.respond('b')
    await again
    for (let times = 0; times < 100; times++) expect(await secret.refresh()).toBe('b')
    expect(requests).toHaveLength(2)
    advance(30_000)
    void secret.refresh().catch(() => undefined)
    expect(requests).toHaveLength(3)
  })

  describe('in an environment that was frozen during a request', () => {
    it('makes a new request for the first read, and ignores how the old one ends', async () => {
      for (const end of ['respond', 'fail'] as const) {
        const { secret, requests, advance } = createControlledSecret()
        advance(3_600_000)
        const first = secret.read()
        expect(requests).toHaveLength(2)
        requests[1]?.respond('new')
        expect(await first).toBe('new')
        requests[0]?.[end]('old')
        await settle()
        expect(await secret.read()).toBe('new')
        expect(requests).toHaveLength(2)
      }
    })

    it('does not share the old request with a refresh', async () => {
      const { secret, requests, advance } = await createCachedSecret('a')
      advance(600_000)
      // Starts a request in the background.
      await secret.read()
      advance(3_600_000)
      const refreshed = secret.refresh()
      requests[2]?.respond('c')
      expect(await refreshed).toBe('c')
      requests[1]?.respond('b')
      await settle()
      expect(await secret.read()).toBe('c')
    })

    it('counts the age of a value from its request, not from its late response', async () => {
      const { secret, requests, advance } = createControlledSecret()
      advance(3_600_000)
      requests[0]?.respond('old')
      await settle()
      const refreshed = secret.refresh()
      requests[1]?.respond('new')
      expect(await refreshed).toBe('new')
    })
  })

  it('throws the error of a failed first read once, then reads again', async () => {
    const { secret, requests } = createControlledSecret()
    const first = secret.read()
    requests[0]?.fail()
    await expect(first).rejects.toThrow('no response')
    const second = secret.read()
    requests[1]?.respond('a')
    expect(await second).toBe('a')
  })

  it('throws if the service does not respond within the timeout', async () => {
    const client: AwsJsonClient = (_target, _input, signal) =>
      new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
    const secret = cachedSecret({ client, secretArn: 'arn:secret', requestTimeoutMs: 20 })
    await expect(secret.read()).rejects.toMatchObject({ name: 'TimeoutError' })
  })

  it.each([{}, { SecretString: '' }, { SecretString: '{oops' }, undefined, { SecretBinary: 'AA==' }])(
    'throws if the secret is not JSON: %j',
    async (output) => {
      const secret = cachedSecret({ client: async () => output, secretArn: 'arn:secret', requestTimeoutMs })
      await expect(secret.read()).rejects.toThrow()
    },
  )
})
