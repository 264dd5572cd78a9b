import { describe, expect, it } from 'vitest'
import { parseAvdSecret } from '../../../../adapters/avd/avd-settings.ts'
import { configuredPlatform } from '../../../../adapters/avd/configured-platform.ts'
import { createSecretReader } from '../../../../adapters/secrets/secret-reader.ts'
import type { ExplainedError } from '../../../../core/ports/explained-error.ts'
import type { SecretReading } from '../../../../core/ports/secret-reader.ts'
import { expectChinese } from '../../../support/chinese-text.ts'

const usable = { base_url: 'https://avd.example.com', access_key: 'ak-1', secret_key: 'sk-1' }

/** Reads the text of a secret, or an error that is why it could not be read. */
async function readSecret(
  text: string | Error,
): Promise<SecretReading<NonNullable<ReturnType<typeof parseAvdSecret>>>> {
  if (text instanceof Error) return { outcome: 'unreadable', error: text }
  const reader = createSecretReader({
    client: async () => ({ SecretString: text }),
    secretArn: 'arn:secret',
    parse: (secret) => parseAvdSecret(secret, 'https://default.example.com'),
    reportUnusable: () => undefined,
  })
  return reader.refresh(Date.now() + 1000)
}

/** A platform whose secret has the given values, one for each sweep. An error is why the secret could not be read. */
function createConfigured(...values: unknown[]) {
  const connected: string[] = []
  const platform = configuredPlatform(
    {
      refresh: async () => {
        const value = values.shift()
        return readSecret(value instanceof Error || typeof value === 'string' ? value : JSON.stringify(value))
      },
    },
    1000,
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

  it.each([
    ['a byte order mark', `\uFEFF${JSON.stringify(usable)}`],
    ['a line end behind it', `${JSON.stringify(usable)}\n`],
    [
      'white space around its values',
      { base_url: ' https://avd.example.com\n', access_key: 'ak-1 ', secret_key: '\tsk-1' },
    ],
    ['been encoded as JSON twice', JSON.stringify(JSON.stringify(usable))],
  ])('accepts a secret that has %s', async (_description, secret) => {
    const { platform, connected } = createConfigured(secret)
    await platform()
    expect(connected).toEqual(['ak-1 https://avd.example.com'])
  })

  it('takes a number as a key with the digits as saved', async () => {
    const { platform, connected } = createConfigured(
      '{"base_url":"https://avd","access_key":12345678901234567890,"secret_key":7}',
    )
    await platform()
    expect(connected).toEqual(['12345678901234567890 https://avd'])
  })

  it('uses the default address if the secret has none', async () => {
    const { platform, connected } = createConfigured({ ...usable, base_url: '' })
    await platform()
    expect(connected).toEqual(['ak-1 https://default.example.com'])
  })

  it.each([
    ['no field', {}],
    ['no content', ''],
    ['blank fields', { base_url: ' ', access_key: '', secret_key: '\n' }],
    ['empty fields', { base_url: '', access_key: '', secret_key: '', ca_pem: null }],
  ])('resolves to undefined if the secret has %s', async (_description, secret) => {
    expect(await createConfigured(secret).platform()).toBeUndefined()
  })

  it.each([
    ['is a text', 'sk-1', 'the AVD secret is not a JSON object'],
    ['is a list', [usable], 'the secret is a list'],
    ['is null', null, 'the AVD secret is not a JSON object'],
    ['is blank', ' \n', 'the AVD secret is not a JSON object'],
    ['has a key without quotation marks', '{"base_url":"avd.example.com","secret_key":SK-abc}', 'not valid JSON'],
    ['has the text null as a key', { ...usable, access_key: ' null' }, 'access_key is missing'],
    ['has no keys', { base_url: usable.base_url, access_key: '', secret_key: '' }, 'access_key is missing; secret_key'],
    ['lacks a key', { ...usable, secret_key: undefined }, 'secret_key is missing'],
    ['has a key of blanks', { ...usable, secret_key: '  ' }, 'secret_key is missing'],
    ['has a list as a key', { ...usable, access_key: [1] }, 'access_key is not a string'],
    ['has a placeholder', { ...usable, access_key: '<your access key>' }, 'access_key is a placeholder'],
    ['has dots for a key', { ...usable, secret_key: '…' }, 'secret_key is a placeholder'],
    ['has an address without a scheme', { ...usable, base_url: 'avd.example.com' }, 'base_url is not an http or https'],
  ])('rejects a secret that %s, also after a usable one', async (_description, secret, reason) => {
    const { platform } = createConfigured(usable, secret)
    await platform()
    const error = await platform().catch((thrown: unknown) => thrown)
    expect(String(error)).toContain(reason)
    expectChinese((error as ExplainedError).text)
  })

  it('keeps the settings of the last sweep while the secret cannot be read, but not if it became unusable', async () => {
    const unreadable = new Error('no response')
    const { platform } = createConfigured(usable, unreadable, '{oops')
    const first = await platform()
    expect(await platform()).toBe(first)
    await expect(platform()).rejects.toThrow('the secret is not valid JSON')
    await expect(createConfigured(unreadable).platform()).rejects.toThrow('no response')
  })
})
