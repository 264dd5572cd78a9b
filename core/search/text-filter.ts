/** Tells whether one of the texts contains what is searched. */
export type TextFilter = (...texts: readonly (string | null | undefined)[]) => boolean

/** Ignores case and the width of characters. @param searched undefined for a filter that accepts everything. */
export function createTextFilter(searched: string | undefined): TextFilter {
  if (searched === undefined) return () => true
  const wanted = normalize(searched)
  return (...texts) => texts.some((text) => typeof text === 'string' && normalize(text).includes(wanted))
}

function normalize(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}
