const namesInTexts = ['check_code', 'token', 'secret_key', 'access_key', 'authorization']
/** Of the secrets' own JSON. */
const namesInObjects = [...namesInTexts, 'current', 'previous', 'ca_pem']
const secretName = new RegExp(`^(?:${namesInObjects.join('|')})$`, 'i')

/** `token=…`, `"secret_key":"…"`, `Authorization: Bearer …`, as they stand in texts, quoted once, more often or not. */
const quote = `(?:\\\\*["'])?`
const secretInText = new RegExp(
  `(${quote}\\b(?:${namesInTexts.join('|')})${quote}\\s*[=:]\\s*${quote})(?:Bearer\\s+)?[^\\s&"',;}\\\\]+`,
  'gi',
)

export const redacted = '[redacted]'

/** The text without the values of check codes, tokens and keys (contract, section 6: they appear in no log or alert). */
export function withoutSecretsIn(text: string): string {
  return text.replace(secretInText, `$1${redacted}`)
}

/** For `JSON.stringify`: the same for the values of an object, whatever they are nested in. */
export function redactingReplacer(name: string, value: unknown): unknown {
  if (secretName.test(name) && value !== null && value !== undefined) return redacted
  return typeof value === 'string' ? withoutSecretsIn(value) : value
}
