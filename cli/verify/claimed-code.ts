import { decodeCheckCode } from '../../core/protocol/check-code.ts'
import { type Cause, cause } from './causes.ts'

/** Characters of a truncated code. Fewer could match by chance. */
const minTruncatedLength = 16

/** The `check_code` of a request, which may be spoiled. */
export interface ClaimedCode {
  /** @returns undefined if the code does not come from this digest, and what is wrong with it otherwise. */
  match(digest: Buffer): readonly Cause[] | undefined
}

export function readClaimedCode(code: string): ClaimedCode {
  const exact = new Map<string, readonly Cause[]>()
  for (const [text, causes] of listReadings(code))
    for (const hex of listHex(text)) if (!exact.has(hex)) exact.set(hex, causes)
  const text = code.trim()
  const isUsual = decodeCheckCode(code) !== undefined
  return {
    match(digest) {
      const hex = digest.toString('hex')
      const causes = exact.get(hex)
      // A code of the right form may still be base64 in lower case, but then it is no hex.
      if (causes !== undefined || (isUsual && /^[0-9a-f]+$/i.test(text))) return causes
      return matchSpoiled(text, hex, digest)
    },
  }
}

function matchSpoiled(text: string, hex: string, digest: Buffer): readonly Cause[] | undefined {
  if (text.length < minTruncatedLength) return undefined
  const base64 = digest.toString('base64')
  const forms = [hex, base64, digest.toString('base64url')]
  const sent = text.replace(/=+$/, '')
  if (forms.some((form) => isPart(form, sent)) || isPart(hex, sent.toLowerCase())) return [truncated]
  if (forms.some((form) => form.replace(/=+$/, '').toLowerCase() === sent.toLowerCase())) return [wrongCase]
  if (text.toLowerCase() === Array.from(digest, (byte) => byte.toString(16)).join('')) return [zerosLost]
  return text.toLowerCase() === hex.replace(/^0+/, '') ? [zerosLost] : undefined
}

function isPart(form: string, sent: string): boolean {
  return sent.length < form.replace(/=+$/, '').length && (form.startsWith(sent) || form.endsWith(sent))
}

const truncated = cause('code_truncated', 'check_code was truncated', 'check_code 被截断')
const wrongCase = cause(
  'code_case',
  'the letters of a base64 check_code were changed to one case',
  'base64 格式的 check_code 大小写被改变',
)
const zerosLost = cause('code_zeros_lost', 'the hexadecimal check_code lacks zeros', '十六进制的 check_code 丢失了 0')

function* listReadings(code: string): Generator<readonly [string, readonly Cause[]]> {
  yield [code, []]
  const decorated = cause(
    'code_decorated',
    'check_code has other characters around or in it',
    'check_code 中带有多余字符',
  )
  const bare = code
    .trim()
    .replace(/^["'“‘<[{(]+|["'”’>\]})]+$/g, '')
    .replace(/^(hmac-?)?sha-?256[=:\s]+|^0x|^check_code[=:]/i, '')
  yield [bare, [decorated]]
  yield [bare.replace(/[\s:,-]/g, ''), [decorated]]
  yield [code.replace(/[.,;!。，；]+$/, ''), [decorated]]
  const twice = cause('code_encoded_twice', 'check_code is percent-encoded twice', 'check_code 被重复 URL 编码')
  let text = code
  for (let times = 0; times < 2 && /%[0-9a-f]{2}/i.test(text); times++) {
    text = text.replace(/%([0-9a-f]{2})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    yield [text, [twice]]
  }
}

/** All digests that the text can stand for, in hex. Other algorithms have other lengths. */
function* listHex(text: string): Generator<string> {
  const usual = decodeCheckCode(text)
  if (usual !== undefined) yield usual.toString('hex')
  const joined = text.replace(/[\r\n\t]/g, '').trim()
  if (/^([0-9a-f]{2})+$/i.test(joined)) yield joined.toLowerCase()
  const base64 = joined.replaceAll(' ', '+')
  if (!/^[\w+/-]+={0,2}$/.test(base64)) return
  const bytes = Buffer.from(base64, 'base64')
  yield bytes.toString('hex')
  const inner = bytes.toString('latin1').trim()
  if (/^([0-9a-f]{2})+$/i.test(inner)) yield inner.toLowerCase()
}
