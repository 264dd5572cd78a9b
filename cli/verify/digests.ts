import { createHash, createHmac, getHashes } from 'node:crypto'
import { cause, type Variant } from './causes.ts'
import type { HmacKey } from './key-variants.ts'

/** Computes a code from the signed bytes and the key. */
export type Digest = (signed: Buffer, key: HmacKey) => Buffer

export const hmacSha256: Digest = (signed, key) => createHmac('sha256', key).update(signed).digest()

const available = new Set(getHashes().map((name) => name.toLowerCase()))
const algorithms = ['md5', 'sha1', 'sha224', 'sha384', 'sha512', 'sha512-256', 'sha3-256', 'sm3'].filter((name) =>
  available.has(name),
)
const plainAlgorithms = ['sha256', 'md5', 'sha1', 'sha512', 'sm3'].filter((name) => available.has(name))

/** What a sender may compute instead of HMAC-SHA256. */
export const digestVariants: readonly Variant<Digest>[] = [
  ...algorithms.map((name) =>
    toVariant(`HMAC-${name.toUpperCase()}`, (signed, key) => createHmac(name, key).update(signed).digest()),
  ),
  {
    value: (signed, key) => createHmac('sha256', signed).update(key).digest(),
    causes: [cause('algorithm', 'key and text of the HMAC are exchanged', 'HMAC 的密钥与内容颠倒了')],
  },
  ...plainAlgorithms.flatMap((name) => [
    plain(name, 'text+key', (text, key) => [text, key]),
    plain(name, 'key+text', (text, key) => [key, text]),
    plain(name, 'text|key', (text, key) => [text, '|', key]),
    plain(name, 'key|text', (text, key) => [key, '|', text]),
    plain(name, 'text&key=key', (text, key) => [text, '&key=', key]),
    plain(name, 'key+text+key', (text, key) => [key, text, key]),
    plain(name, 'text', (text) => [text]),
  ]),
  toVariant('HMAC-SHA256 of the SHA-256 of the text', (signed, key) =>
    createHmac('sha256', key).update(createHash('sha256').update(signed).digest('hex')).digest(),
  ),
]

function plain(name: string, form: string, list: (text: Buffer, key: HmacKey) => readonly HmacKey[]): Variant<Digest> {
  return toVariant(`${name.toUpperCase()}(${form})`, (signed, key) => {
    const hash = createHash(name)
    for (const part of list(signed, key)) hash.update(part)
    return hash.digest()
  })
}

function toVariant(name: string, value: Digest): Variant<Digest> {
  const en = `the platform computes ${name} instead of HMAC-SHA256`
  return { value, causes: [cause('algorithm', en, `平台计算的是 ${name}，而不是 HMAC-SHA256`)] }
}
