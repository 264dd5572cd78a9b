const maxNamed = 3

/** @returns one line, or none if there are no ids. */
export function describeMany(what: string, ids: readonly string[]): string[] {
  if (ids.length === 0) return []
  const more = ids.length > maxNamed ? `, and ${ids.length - maxNamed} more` : ''
  return [`${what}: ${ids.slice(0, maxNamed).join(', ')}${more}`]
}
