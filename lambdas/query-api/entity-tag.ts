import { createHash } from 'node:crypto'

/** The strong entity tag of a response body. */
export function entityTagOf(body: string): string {
  return `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
}

/**
 * Whether the caller already has the body, by the weak comparison of RFC 9110, section 13.1.2.
 *
 * @param ifNoneMatch the header: `*` for any body, or entity tags separated by commas, which tags may contain as well.
 */
export function matchesEntityTag(ifNoneMatch: string | undefined, entityTag: string): boolean {
  if (ifNoneMatch === undefined) return false
  if (ifNoneMatch.trim() === '*') return true
  const tags: readonly string[] = ifNoneMatch.match(/"[^"]*"/g) ?? []
  return tags.includes(entityTag)
}
