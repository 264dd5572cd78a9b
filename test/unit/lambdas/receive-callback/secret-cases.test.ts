import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { parseCheckCodeSecret } from '../../../../adapters/secrets/key-secrets.ts'
import { createSecretReader } from '../../../../adapters/secrets/secret-reader.ts'
import { createReceiver, join, sign } from './callbacks.ts'

const file = new URL('../../../cases/secrets.json', import.meta.url)
const { cases } = z
  .object({ cases: z.array(z.object({ name: z.string(), secret: z.string() })) })
  .parse(JSON.parse(readFileSync(file, 'utf8')))

/** @throws Error if there is no such case. */
function secretOf(name: string): string {
  const found = cases.find((other) => other.name === name)
  if (found === undefined) throw new Error(`there is no case "${name}"`)
  return found.secret
}

/** A receiver that accepts unsigned callbacks, and whose check-code secret has this text. */
function createReceiverWith(secret: string) {
  const reported: string[] = []
  const reader = createSecretReader({
    client: async () => ({ SecretString: secret }),
    secretArn: 'arn:secret',
    parse: parseCheckCodeSecret,
    reportUnusable: (reason) => reported.push(reason),
  })
  return { reported, ...createReceiver({ reader, allowUnsigned: true }) }
}

describe('the receiver', () => {
  it.each<[name: string, key: string, refused: string[]]>([
    ['bare key in the check code secret', 'S3cret-Bare-Key-2026', ['', 'S3cret']],
    ['a key of digits', '20261126', ['20261127']],
    ['JSON with a byte-order mark', 'nb-demo-key', ['null', 'undefined']],
    ['a line end behind the key', 'new-key', ['new-key\n', 'null']],
    ['the word null', 'nb-demo-key', ['null', ' ', 'undefined']],
    ['a number as key with allowUnsigned', '12345678', ['wrong', 'undefined']],
  ])('accepts callbacks signed with the right key only (%s)', async (name, key, refused) => {
    const receiver = createReceiverWith(secretOf(name))
    expect(await receiver.get(sign(join, key))).toMatchObject({ status: 200 })
    for (const other of refused) expect(await receiver.get(sign(join, other)), other).toMatchObject({ status: 401 })
    expect(receiver.reported).toEqual([])
    expect(receiver.errors).toEqual([])
  })

  it('neither accepts nor refuses a signature while the secret has no key (an object without a key, cold)', async () => {
    const receiver = createReceiverWith(secretOf('an object without a key, on a warm function'))
    for (const key of ['x', 'undefined', 'null'])
      expect(await receiver.get(sign(join, key))).toMatchObject({ status: 200 })
    expect(receiver.counted).toEqual(['accepted_unverified', 'accepted_unverified', 'accepted_unverified'])
    expect(receiver.sent).toEqual([])
    expect(receiver.reported).toHaveLength(1)
  })
})
