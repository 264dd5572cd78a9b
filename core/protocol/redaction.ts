const namesInTexts = ['check_code', '(?:\\w+_)?token', 'secret_key', 'access_key', 'authorization']
/** Of the secrets' own JSON. */
const namesInObjects = [...namesInTexts, 'current', 'previous', 'ca_pem']
const secretName = new RegExp(`^(?:${namesInObjects.join('|')})$`, 'i')

/** A quote in JSON that may itself stand in JSON, a few times over. */
const quote = `\\\\{0,8}["']`
/** `token=…`, `"secret_key":"…"`, `Authorization: Bearer …`, lists too, as they stand in texts. */
const secretInText = new RegExp(
  `((?:${quote})?\\b(?:${namesInTexts.join('|')})(?:${quote})?\\s{0,8}[=:]\\s{0,8})` +
    `(?:\\[[^\\]]*\\]?|${quote}[^"']*["']?|(?:(?:Bearer|Basic)\\s+)?[^\\s&"',;}\\\\]+)`,
  'gi',
)

export const redacted = '[redacted]'

/** The text without the values of check codes, tokens and keys (contract, section 6: they appear in no log or alert). */
export function redactSecrets(text: string): string {
  return text.replace(secretInText, `$1${redacted}`)
}

/** For `JSON.stringify`: the same for the values of an object, whatever they are nested in. */
export function redactingReplacer(name: string, value: unknown): unknown {
  if (secretName.test(name) && value !== null && value !== undefined) return redacted
  return typeof value === 'string' ? redactSecrets(value) : value
}
