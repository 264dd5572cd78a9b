import { inspect } from 'node:util'
import { describe, expect, it, vi } from 'vitest'
import { parseAvdSecret } from '../../../../adapters/avd/avd-settings.ts'
import { configuredPlatform } from '../../../../adapters/avd/configured-platform.ts'
import { createSecretReader } from '../../../../adapters/secrets/secret-reader.ts'
import { MemoryReconciler } from './memory-reconciler.ts'

const secretKey = 'Zq8vT2mLw0PxR7sK'
const accessKey = 'AKdH3nB6yU1cF9eJ'
const base_url = 'https://avd.internal.corp:8443'
const minPieceLength = 6

function piecesOf(text: string): string[] {
  return Array.from({ length: text.length - minPieceLength + 1 }, (_, index) =>
    text.slice(index, index + minPieceLength),
  )
}

describe('a sweep whose AVD secret is unusable', () => {
  it.each([
    ['is not JSON', `access=${accessKey} secret=${secretKey}`],
    ['is JSON with a comma too many', `{"access_key":"${accessKey}","secret_key":"${secretKey}",}`],
    ['is the bare key', secretKey],
    ['has a key without quotation marks', `{"access_key": ${accessKey}, "secret_key": ${secretKey}}`],
    ['is cut off', `{"access_key":"${accessKey}","secret_key":"${secretKey}`],
    ['begins with a byte order mark', `\uFEFF{"access_key":"${accessKey}","secret_key":"${secretKey}"}`],
    ['is a JSON text', `"${accessKey}${secretKey}"`],
    ['is a list', JSON.stringify([accessKey, secretKey])],
    ['lacks a field', JSON.stringify({ base_url, secret_key: secretKey })],
    ['has the keys in other fields', JSON.stringify({ base_url, ak: accessKey, sk: secretKey })],
    [
      'has an object as a key',
      JSON.stringify({ base_url, access_key: { [secretKey]: accessKey }, secret_key: [secretKey] }),
    ],
    ['has a key as its address', JSON.stringify({ base_url: secretKey, access_key: accessKey, secret_key: secretKey })],
    [
      'has keys as list paths',
      JSON.stringify({ base_url, access_key: accessKey, secret_key: accessKey, list_paths: secretKey }),
    ],
    ['has a placeholder', JSON.stringify({ base_url, access_key: accessKey, secret_key: '<secret key>' })],
  ])('that %s fails, alerts after three failures, and reveals no part of the secret', async (_description, text) => {
    const reconciler = new MemoryReconciler()
    const lines: string[] = []
    const secret = createSecretReader({
      client: async () => ({ SecretString: text }),
      secretArn: 'arn:secret',
      parse: (content) => parseAvdSecret(content, ''),
      reportUnusable: (reason) => lines.push(reason),
    })
    reconciler.readSettings = configuredPlatform(secret, 1000)
    for (const level of ['debug', 'info', 'warn', 'error', 'critical'] as const)
      vi.spyOn(reconciler.logger, level).mockImplementation((...args) => void lines.push(inspect(args, { depth: 9 })))
    for (let sweeps = 0; sweeps < 3; sweeps++) expect(await reconciler.sweep([])).toBe('failed')
    expect(reconciler.alertKinds()).toEqual(['sweep_failing'])
    expect(lines.join('\n')).toContain('sweep failed')
    const revealed = `${lines.join('\n')}${JSON.stringify(reconciler.alerts)}`
    for (const piece of [secretKey, accessKey, base_url.slice('https://'.length)].flatMap(piecesOf))
      expect(revealed).not.toContain(piece)
  })
})
