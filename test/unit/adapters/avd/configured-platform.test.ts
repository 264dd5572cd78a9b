import { describe, expect, it } from 'vitest'
import { configuredPlatform } from '../../../../adapters/avd/configured-platform.ts'
import { UnusableSecretError } from '../../../../adapters/secrets/cached-secret.ts'

const usable = { base_url: 'https://avd.example.com', access_key: 'ak-1', secret_key: 'sk-1' }

/** A platform whose secret has the given values, one for each sweep. An error is why the secret could not be read. */
function createConfigured(...values: unknown[]) {
  const connected: string[] = []
  const platform = configuredPlatform(
    {
      refresh: async () => {
        const value = values.shift()
        if (value instanceof Error) throw value
        return value
      },
    },
    'https://default.example.com',
    ({ base_url, access_key }) => {
      connected.push(`${access_key} ${base_url}`)
      return { listOpenRooms: async () => [] }
    },
  )
  return { platform, connected }
}

describe('configuredPlatform', () => {
  it('reuses the client until the secret changes', async () => {
    const { platform, connected } = createConfigured(usable, { ...usable }, { ...usable, access_key: ' ak-2\n' })
    const [first, second, third] = [await platform(), await platform(), await platform()]
    expect(second).toBe(first)
    expect(third).not.toBe(first)
    expect(connected).toEqual(['ak-1 https://avd.example.com', 'ak-2 https://avd.example.com'])
  })

  it('uses the default address if the secret has none', async () => {
    const { platform, connected } = createConfigured({ ...usable, base_url: '' })
    await platform()
    expect(connected).toEqual(['ak-1 https://default.example.com'])
  })

  it.each([
    ['no field', {}],
    ['empty fields', { base_url: '', access_key: '', secret_key: '', ca_pem: null }],
  ])('resolves to undefined if the secret has %s', async (_description, secret) => {
    expect(await createConfigured(secret).platform()).toBeUndefined()
  })

  it.each([
    ['is a text', 'sk-1', 'the AVD secret is not a JSON object'],
    ['is a list', [usable], 'the AVD secret is not a JSON object'],
    ['is null', null, 'the AVD secret is not a JSON object'],
    ['has no keys', { base_url: usable.base_url, access_key: '', secret_key: '' }, 'access_key is missing; secret_key'],
    ['lacks a key', { ...usable, secret_key: undefined }, 'secret_key is missing'],
    ['has a key of blanks', { ...usable, secret_key: '  ' }, 'secret_key is missing'],
    ['has a number as a key', { ...usable, access_key: 12345678 }, 'access_key is not a string'],
    ['has a placeholder', { ...usable, access_key: '<your access key>' }, 'access_key is a placeholder'],
    ['has dots for a key', { ...usable, secret_key: '…' }, 'secret_key is a placeholder'],
    ['has an address without a scheme', { ...usable, base_url: 'avd.example.com' }, 'base_url is not an http or https'],
  ])('rejects a secret that %s, also after a usable one', async (_description, secret, reason) => {
    const { platform } = createConfigured(usable, secret)
    await platform()
    await expect(platform()).rejects.toThrow(reason)
  })

  it('keeps the settings of the last sweep while the secret cannot be read, but not if it became unusable', async () => {
    const unreadable = new Error('no response')
    const { platform } = createConfigured(usable, unreadable, new UnusableSecretError('the secret is not valid JSON'))
    const first = await platform()
    expect(await platform()).toBe(first)
    await expect(platform()).rejects.toThrow('the secret is not valid JSON')
    await expect(createConfigured(unreadable).platform()).rejects.toThrow('no response')
  })
})
