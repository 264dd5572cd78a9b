import { createHash } from 'node:crypto'

/** The strong entity tag of a response body. */
export function entityTagOf(body: string): string {
  return `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
}

/** Whether the caller already has the body. @param ifNoneMatch the header: entity tags, separated by commas. */
export function matchesEntityTag(ifNoneMatch: string | undefined, entityTag: string): boolean {
  const known = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return known.includes(entityTag)
}
