/**
 * Finds the known name that an unknown one was probably meant to be.
 *
 * @param minLengthForEdits known names shorter than this must have the same letters: one edit makes another word of a short one.
 * @returns the name that differs only in case or separators, or in at most two characters, if there is one.
 */
export function findLikelyName(name: string, known: readonly string[], minLengthForEdits: number): string | undefined {
  const normalized = normalizeName(name)
  const sameLetters = known.find((candidate) => normalizeName(candidate) === normalized)
  if (sameLetters !== undefined) return sameLetters
  return known
    .filter((candidate) => candidate.length >= minLengthForEdits)
    .map((candidate) => ({ candidate, edits: countEdits(normalized, normalizeName(candidate)) }))
    .filter(({ edits }) => edits <= 2)
    .sort((a, b) => a.edits - b.edits)[0]?.candidate
}

/** Returns the name in lower case without separators. */
export function normalizeName(name: string): string {
  return name.replaceAll(/[-_. ]/g, '').toLowerCase()
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
