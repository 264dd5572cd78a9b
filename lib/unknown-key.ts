import { findLikelyName, normalizeName } from '../names/likely-name.ts'

/** Keys that operators may take for settings, and the output that names the secret for their values. */
const secretKeys: readonly (readonly [pattern: RegExp, output: string | undefined])[] = [
  [/^(check|sign(ing|ature)?)(code|key)/, 'CheckCodeSecretArn'],
  [/^(api|bearer|query)?token/, 'ApiTokenSecretArn'],
  [/^(avd)?(accesskey|secretkey|accesskeyid|capem|listpaths)$/, 'AvdSecretArn'],
  [
    /webhook|^(wecom|wxwork|ding(talk|robot|bot)|feishu|lark)|^chat(secret|robot|bot|url)|robots?(url)?s?$/,
    'ChatSecretArn',
  ],
  [/secret|token|passw|credential|(api|access|private)key/, undefined],
]

/** One edit makes another word of a shorter setting: `name` and `names`, `owner` and `other`. */
const minLengthForEdits = 6

/** Finds the setting that an unknown key was probably meant to be. @param known the keys of all settings. */
export function findLikelyKey(key: string, known: readonly string[]): string | undefined {
  return findLikelyName(key, known, minLengthForEdits)
}

/** Whether the value of an unknown key belongs in one of the stack's secrets. Keys with a colon or a slash are CDK's own. */
export function isSecretOfStack(key: string): boolean {
  return secretKeys.some(([pattern, output]) => output !== undefined && pattern.test(normalizeName(key)))
}

/**
 * Says what is wrong with an unknown key, and which setting or secret was probably meant.
 *
 * @param value of the key. If it is an object or a list, keys within it count as well: `"avd": {"secret_key": "…"}`.
 */
export function explainUnknownKey(key: string, known: readonly string[], value?: unknown): string {
  const likely = findLikelyKey(key, known)
  if (likely !== undefined) return `is not a known setting; did you mean "${likely}"?`
  const names = [key, ...listNestedKeys(value)].map(normalizeName)
  // The names of one secret come before those of any.
  const secret = secretKeys.find(([pattern]) => names.some((name) => pattern.test(name)))
  if (secret === undefined) return 'is not a known setting'
  const [, output] = secret
  const place = output === undefined ? 'one of the secrets of the stack' : `the secret of output ${output}`
  return `settings hold no secrets; put it into ${place}`
}

function listNestedKeys(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  const own = Array.isArray(value) ? [] : Object.keys(value)
  return [...own, ...Object.values(value).flatMap(listNestedKeys)]
}
