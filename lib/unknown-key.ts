/** Keys that operators may take for settings, and the output that names the secret for their values. */
const secretKeys: readonly (readonly [pattern: RegExp, output: string | undefined])[] = [
  [/^(check|sign(ing|ature)?)(code|key)/, 'CheckCodeSecretArn'],
  [/^(api|bearer|query)?token/, 'ApiTokenSecretArn'],
  [/^(avd)?(accesskey|secretkey|accesskeyid|capem|listpaths)$/, 'AvdSecretArn'],
  [/secret|token|passw|credential|webhook|(api|access|private)key/, undefined],
]

/** One edit makes another word of a shorter setting: `name` and `names`, `owner` and `other`. */
const minLengthForEdits = 6

/**
 * Finds the setting that an unknown key was probably meant to be.
 *
 * @param known the keys of all settings.
 * @returns the setting that differs only in case or separators, or in at most two characters, if there is one.
 */
export function findLikelyKey(key: string, known: readonly string[]): string | undefined {
  const normalized = normalize(key)
  const sameLetters = known.find((candidate) => normalize(candidate) === normalized)
  if (sameLetters !== undefined) return sameLetters
  return known
    .filter((candidate) => candidate.length >= minLengthForEdits)
    .map((candidate) => ({ candidate, edits: countEdits(normalized, normalize(candidate)) }))
    .filter(({ edits }) => edits <= 2)
    .sort((a, b) => a.edits - b.edits)[0]?.candidate
}

/** Whether the value of an unknown key belongs in one of the stack's secrets. Keys with a colon or a slash are CDK's own. */
export function isSecretOfStack(key: string): boolean {
  return secretKeys.some(([pattern, output]) => output !== undefined && pattern.test(normalize(key)))
}

/** Says what is wrong with an unknown key, and which setting or secret was probably meant. */
export function explainUnknownKey(key: string, known: readonly string[]): string {
  const likely = findLikelyKey(key, known)
  if (likely !== undefined) return `is not a known setting; did you mean "${likely}"?`
  const secret = secretKeys.find(([pattern]) => pattern.test(normalize(key)))
  if (secret === undefined) return 'is not a known setting'
  const [, output] = secret
  const place = output === undefined ? 'one of the secrets of the stack' : `the secret of output ${output}`
  return `settings hold no secrets; put it into ${place}`
}

function normalize(key: string): string {
  return key.replaceAll(/[-_. ]/g, '').toLowerCase()
}

/** Counts the insertions, deletions and replacements that turn one text into the other (Levenshtein distance). */
function countEdits(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [row, letter] of [...from].entries()) {
    const current = [row + 1]
    for (let column = 1; column <= to.length; column++) {
      const replaced = (previous[column - 1] ?? 0) + (letter === to[column - 1] ? 0 : 1)
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1))
    }
    previous = current
  }
  return previous[to.length] ?? 0
}
