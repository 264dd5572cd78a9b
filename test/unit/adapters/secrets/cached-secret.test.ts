import { describe, expect, it } from 'vitest'
import type { AwsJsonClient } from '../../../../adapters/aws-json/client.ts'
import { cachedSecret } from '../../../../adapters/secrets/cached-secret.ts'

type Call = { readonly target: string; readonly input: object; answer(secret: unknown): void; fail(): void }

/** A secret over a service that answers when told to, and a clock that stands still. */
function world() {
  const calls: Call[] = []
  let now = 1_000_000
  const client: AwsJsonClient = (target, input) =>
    new Promise((resolve, reject) => {
      const answer = (secret: unknown) => resolve({ SecretString: JSON.stringify(secret) })
      calls.push({ target, input, answer, fail: () => reject(new Error('no answer')) })
    })
  const secret = cachedSecret({ client, secretArn: 'arn:secret', now: () => now })
  return {
    calls,
    secret,
    pass: (ms: number) => {
      now += ms
    },
  }
}

/** Until everything that can happen without an answer has happened. */
const quiet = () => new Promise((resolve) => setImmediate(resolve))

async function warm(value: unknown) {
  const there = world()
  there.calls[0]?.answer(value)
  await quiet()
  return there
}

describe('a cached secret', () => {
  it('is asked for at once, by its ARN, before anybody needs it', () => {
    expect(world().calls).toMatchObject([
      { target: 'secretsmanager.GetSecretValue', input: { SecretId: 'arn:secret' } },
    ])
  })

  it('is asked for once, however many wait for it', async () => {
    const { secret, calls } = world()
    const reads = [secret.read(), secret.read(), secret.refresh()]
    calls[0]?.answer({ current: 'k' })
    expect(await Promise.all(reads)).toEqual([{ current: 'k' }, { current: 'k' }, { current: 'k' }])
    expect(calls).toHaveLength(1)
  })

  it('costs nothing once it is known', async () => {
    const { secret, calls, pass } = await warm('a')
    for (let times = 0; times < 50; times++) {
      expect(await secret.read()).toBe('a')
      pass(1000)
    }
    expect(calls).toHaveLength(1)
  })

  it('is refreshed in the background when it grows old: nobody waits', async () => {
    const { secret, calls, pass } = await warm('a')
    pass(600_000)
    expect(await secret.read()).toBe('a')
    expect(await secret.read()).toBe('a')
    expect(calls).toHaveLength(2)
    calls[1]?.answer('b')
    await quiet()
    expect(await secret.read()).toBe('b')
    expect(calls).toHaveLength(2)
  })

  it('serves in its old form where it cannot be refreshed, and tries again', async () => {
    const { secret, calls, pass } = await warm('a')
    pass(600_000)
    expect(await secret.read()).toBe('a')
    calls[1]?.fail()
    await quiet()
    expect(await secret.read()).toBe('a')
    expect(calls).toHaveLength(3)
  })

  it('is read again when asked to, and that serves from then on', async () => {
    const { secret, calls, pass } = await warm('a')
    pass(30_000)
    const again = secret.refresh()
    calls[1]?.answer('b')
    expect(await again).toBe('b')
    expect(await secret.read()).toBe('b')
    expect(calls).toHaveLength(2)
  })

  it('is not read again for every wrong signature: not where that was done a moment ago', async () => {
    const { secret, calls, pass } = await warm('a')
    pass(30_000)
    const again = secret.refresh()
    calls[1]?.answer('b')
    await again
    for (let times = 0; times < 100; times++) expect(await secret.refresh()).toBe('b')
    expect(calls).toHaveLength(2)
    pass(30_000)
    void secret.refresh().catch(() => undefined)
    expect(calls).toHaveLength(3)
  })

  it('that could not be read at first is told to the first who asks, and tried again by the next', async () => {
    const { secret, calls } = world()
    const first = secret.read()
    calls[0]?.fail()
    await expect(first).rejects.toThrow('no answer')
    const second = secret.read()
    calls[1]?.answer('a')
    expect(await second).toBe('a')
  })

  it.each([{}, { SecretString: '' }, { SecretString: '{oops' }, undefined, { SecretBinary: 'AA==' }])(
    'that is no JSON is a failure: %j',
    async (answer) => {
      const secret = cachedSecret({ client: async () => answer, secretArn: 'arn:secret' })
      await expect(secret.read()).rejects.toThrow()
    },
  )
})
