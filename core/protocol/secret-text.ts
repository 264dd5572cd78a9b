import { isInTables } from './documented-parameters.ts'
import { redactedValue, redactSecrets } from './redaction.ts'

const secretNamePart =
  /checkcode|token|secret|passw|pwd|signature|^sign?$|^sig$|key|auth|credential|cookie|session|jwt|hmac/

/** Whether a parameter of this name may hold a secret. Documented parameters do not, except `check_code` and `token`. */
export function isSecretName(name: string): boolean {
  const letters = name.replaceAll(/[-_. ]/g, '').toLowerCase()
  return secretNamePart.test(letters) && (!isInTables(name) || name === 'check_code')
}

/** What looks like a secret in any text: long runs without blanks (keys, hashes, JSON web tokens), and credentials. */
const secretPatterns = [
  /[\w+/=-]{40,}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{12,}/g,
  /\beyJ[\w-]+\.[\w.-]*/g,
  /\b(?:Bearer|Basic)\s+[^\s,;]+/gi,
  /-----BEGIN[\s\S]*/g,
  /(?<=:\/\/)[^\s/@]{1,200}@/g,
]

/** A shorter run of letters and digits looks like a secret too, if the document does not say what the parameter is. */
const shortSecret = /(?<![\w+/=-])(?=[\w+/=-]*[A-Za-z])(?=[\w+/=-]*\d)[\w+/=-]{20,}/g

/** Redacts what looks like a secret. @param isFromTables whether the tables of the document say what the text is. */
export function redactSecretLooking(text: string, isFromTables: boolean): string {
  const patterns = isFromTables ? secretPatterns : [...secretPatterns, shortSecret]
  return patterns.reduce((redacted, pattern) => redacted.replace(pattern, redactedValue), redactSecrets(text))
}

/** Characters of a secret that are searched for. A text that contains the secret contains them, and searching for more takes long. */
const maxSearchedLength = 64

/**
 * Creates a test for texts that contain a secret, in any case, as sent, percent-encoded, or encoded in hex or base64.
 *
 * @param secrets empty ones are ignored.
 */
export function createSecretFinder(secrets: readonly string[]): (text: string) => boolean {
  const known = new Set(secrets.flatMap(listEncodings).map((encoded) => normalize(encoded).slice(0, maxSearchedLength)))
  known.delete('')
  return (text) => {
    const forms = [normalize(text), normalize(decodeAscii(text))]
    return [...known].some((secret) => forms.some((form) => form.includes(secret)))
  }
}

function listEncodings(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const base64 = bytes.toString('base64').replace(/=+$/, '')
  return [secret, encodePercent(bytes), bytes.toString('hex'), bytes.toString('base64url'), base64]
}

/** Forms replace `+` with a space, and mail programs insert line breaks. */
function normalize(text: string): string {
  const stripped = text.replace(/[+\s]+/g, '')
  return (stripped === '' ? text : stripped).toLowerCase()
}

function encodePercent(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : `%${byte.toString(16)}`)).join('')
}

/** Decodes the percent-encoding of ASCII characters, even in text that is malformed otherwise. */
function decodeAscii(text: string): string {
  return text.replace(/%[0-7][0-9a-f]/gi, (encoded) => String.fromCharCode(Number.parseInt(encoded.slice(1), 16)))
}
