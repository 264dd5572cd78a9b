/** Tells whether one of the texts contains what is searched. */
export type TextFilter = (...texts: readonly (string | null | undefined)[]) => boolean

/**
 * Ignores case, the width of characters, invisible characters, blanks around the searched text, and the kind and number of those
 * in it.
 *
 * @param searched undefined for a filter that accepts everything.
 */
export function createTextFilter(searched: string | undefined): TextFilter {
  if (searched === undefined) return () => true
  const wanted = normalize(searched).trim()
  return (...texts) => texts.some((text) => typeof text === 'string' && normalize(text).includes(wanted))
}

/** Whether a filter for this text can exclude anything: blanks and invisible characters alone cannot. */
export function isSearchable(searched: string): boolean {
  return normalize(searched).trim() !== ''
}

/** `İ`, `ß` and `ς` have several forms, so the case is changed twice. */
function normalize(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/\s+/g, ' ')
    .toLowerCase()
    .toUpperCase()
    .normalize('NFKC')
}
