import { createHash } from 'node:crypto'
import { type Cause, type CauseCode, cause, type Variant } from './causes.ts'

/** A key that callbacks may be signed with. */
export type HmacKey = string | Buffer

/** Shorter beginnings of a key are not tried. */
const minPrefixLength = 4

/** What becomes of a key that is typed, pasted or read in another way. No text contains the key. */
export function* listKeyVariants(key: string, wholeSecret: string): Generator<Variant<HmacKey>> {
  const seen = new Set([key])
  for (const [value, found] of listAll(key, wholeSecret)) {
    const id = typeof value === 'string' ? value : value.toString('latin1')
    if (seen.has(id)) continue
    seen.add(id)
    yield { value, causes: [found] }
  }
}

function* listAll(key: string, wholeSecret: string): Generator<readonly [HmacKey, Cause]> {
  yield* listSurrounded(key)
  if (wholeSecret !== key)
    yield [
      wholeSecret,
      at(
        'key_whole_secret',
        'the whole JSON of the secret was entered as the key',
        '把整个 secret 的 JSON 当作密钥填写了',
      ),
    ]
  yield* listReread(key)
  yield* listHashed(key)
  yield ['', at('key_empty', 'the platform signs with an empty key', '平台使用空密钥签名')]
  yield* listTruncated(key)
}

function* listSurrounded(key: string): Generator<readonly [HmacKey, Cause]> {
  for (const [blank, en, zh] of blanks) {
    const atEnd = at('key_blank', `the platform's key has ${en} at its end`, `平台上的密钥末尾多了${zh}`)
    const atStart = at('key_blank', `the platform's key has ${en} at its start`, `平台上的密钥开头多了${zh}`)
    const around = at('key_blank', `the platform's key has ${en} at both ends`, `平台上的密钥首尾都多了${zh}`)
    yield [`${key}${blank}`, atEnd]
    yield [`${blank}${key}`, atStart]
    yield [`${blank}${key}${blank}`, around]
  }
  const mark = at(
    'key_byte_order_mark',
    "the platform's key starts with a byte-order mark",
    '平台上的密钥开头有字节顺序标记（BOM）',
  )
  for (const end of ['', '\n', '\r\n']) yield [`\uFEFF${key}${end}`, mark]
  const quoted = at('key_quoted', "the platform's key was entered with quotation marks", '平台上的密钥带有引号')
  for (const [open, close] of ['""', "''", '“”', '‘’', '``', '<>', '[]', '{}'].map((pair) => [...pair]))
    yield [`${open}${key}${close}`, quoted]
}

const blanks = [
  [' ', 'a space', '空格'],
  ['\n', 'a line end (LF)', '换行符（LF）'],
  ['\r\n', 'a line end (CR LF)', '换行符（CR LF）'],
  ['\r', 'a carriage return', '回车符'],
  ['\t', 'a tab', '制表符'],
  ['\u00a0', 'a no-break space', '不间断空格'],
  ['\u3000', 'a full-width space', '全角空格'],
  ['\u200b', 'an invisible character (U+200B)', '不可见字符（U+200B）'],
  ['\0', 'a null byte', '空字节'],
  ['  ', 'two spaces', '两个空格'],
] as const

function* listReread(key: string): Generator<readonly [HmacKey, Cause]> {
  const letters = at('key_case', "the platform's key differs in capital letters", '平台上的密钥大小写不同')
  yield [key.toUpperCase(), letters]
  yield [key.toLowerCase(), letters]
  if (/^([0-9a-f]{2})+$/i.test(key))
    yield [
      Buffer.from(key, 'hex'),
      at('key_hex', 'the platform reads the key as hexadecimal bytes', '平台把密钥当作十六进制字节解读'),
    ]
  if (/^[\w+/-]+={0,2}$/.test(key))
    yield [
      Buffer.from(key, 'base64'),
      at('key_base64', 'the platform reads the key as base64', '平台把密钥当作 base64 解码'),
    ]
  const base64 = at('key_base64', "the platform's key is the base64 of this key", '平台使用的是该密钥的 base64 文本')
  yield [Buffer.from(key).toString('base64'), base64]
  yield [
    Buffer.from(key).toString('hex'),
    at('key_hex', "the platform's key is this key in hexadecimal", '平台使用的是该密钥的十六进制文本'),
  ]
  const encoded = at('key_encoded', "the platform's key is percent-encoded", '平台上的密钥是 URL 编码后的文本')
  yield [encodeURIComponent(key), encoded]
  const decoded = at('key_encoded', "the platform's key was percent-decoded", '平台上的密钥被 URL 解码过')
  yield [key.replaceAll('+', ' '), decoded]
  if (/%[0-9a-f]{2}/i.test(key) && isDecodable(key)) yield [decodeURIComponent(key), decoded]
  const width = at('key_width', "the platform's key differs in full-width characters", '平台上的密钥全角与半角不同')
  yield [key.normalize('NFKC'), width]
  yield [key.replace(/[!-~]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0)), width]
}

function* listHashed(key: string): Generator<readonly [HmacKey, Cause]> {
  for (const algorithm of ['md5', 'sha1', 'sha256']) {
    const name = algorithm.toUpperCase()
    const found = at(
      'key_hashed',
      `the platform signs with the ${name} of the key`,
      `平台使用密钥的 ${name} 值作为密钥`,
    )
    const digest = createHash(algorithm).update(key).digest()
    yield [digest.toString('hex'), found]
    yield [digest.toString('hex').toUpperCase(), found]
    yield [digest, found]
  }
}

function* listTruncated(key: string): Generator<readonly [HmacKey, Cause]> {
  const characters = [...key]
  for (let length = characters.length - 1; length >= minPrefixLength; length--) {
    const en = `the platform's key has only the first ${length} characters`
    yield [characters.slice(0, length).join(''), at('key_truncated', en, `平台上的密钥只有前 ${length} 个字符`)]
  }
  const rest = characters.slice(1).join('')
  yield [rest, at('key_truncated', "the platform's key lacks the first character", '平台上的密钥缺少第一个字符')]
}

function isDecodable(text: string): boolean {
  try {
    return decodeURIComponent(text) !== ''
  } catch {
    return false
  }
}

function at(code: CauseCode, en: string, zh: string): Cause {
  return cause(code, en, zh)
}
