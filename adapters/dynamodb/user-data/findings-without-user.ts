import { parseJson } from '../../../core/protocol/parse-json.ts'
import { presenceKey } from '../../../core/reconciliation/presence.ts'

/** Removes the findings about a person from the stored text. @returns undefined if it contains no findings about the person. */
export function findWithoutUser(text: string, userId: string): string | undefined {
  const findings = parseJson(text)
  if (!Array.isArray(findings)) return undefined
  const kept = findings.filter((finding) => !isAbout(finding, userId))
  return kept.length === findings.length ? undefined : JSON.stringify(kept)
}

/** A finding is a list whose second element is a `presenceKey`. */
function isAbout(finding: unknown, user_id: string): boolean {
  const key: unknown = Array.isArray(finding) ? finding[1] : undefined
  const presence = typeof key === 'string' ? parseJson(key) : undefined
  if (!Array.isArray(presence) || presence.length !== 2) return false
  return key === presenceKey({ room_id: String(presence[0]), user_id })
}
