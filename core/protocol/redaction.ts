const namesInText = ['check_code', '(?:\\w+_)?token', 'secret_key', 'access_key', 'authorization']
/** Includes the attributes of the stored secrets. */
const namesInObjects = [...namesInText, 'current', 'previous', 'ca_pem']
const secretName = new RegExp(`^(?:${namesInObjects.join('|')})$`, 'i')

/** A quotation mark, possibly escaped because the JSON is nested in JSON. */
const quote = `\\\\{0,8}["']`
/** Matches `token=…`, `"secret_key":"…"`, `Authorization: Bearer …` and lists of values within a text. */
const secretInText = new RegExp(
  `((?:${quote})?\\b(?:${namesInText.join('|')})(?:${quote})?\\s{0,8}[=:]\\s{0,8})` +
    `(?:\\[[^\\]]*\\]?|${quote}[^"']*["']?|(?:(?:Bearer|Basic)\\s+)?[^\\s&"',;}\\\\]+)`,
  'gi',
)

/** Replaces a redacted value. */
export const redactedValue = '[redacted]'

/** Redacts the values of check codes, tokens and keys (docs/contract.md, section 6). */
export function redactSecrets(text: string): string {
  return text.replace(secretInText, `$1${redactedValue}`)
}

/** A replacer for `JSON.stringify` that redacts secrets at any depth. */
export function redactingReplacer(name: string, value: unknown): unknown {
  if (secretName.test(name) && value !== null && value !== undefined) return redactedValue
  return typeof value === 'string' ? redactSecrets(value) : value
}
