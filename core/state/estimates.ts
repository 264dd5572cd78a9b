import type { SessionEnd } from './session.ts'

/** The end of a session, or the closing of a room. */
type End = Pick<SessionEnd, 'at' | 'estimated'>

// What reconciliation or media let us infer is estimated until genuine events confirm or replace it (docs/contract.md,
// section 4). All times in ms.

/** Evidence of presence within this time after an estimated end voids it. */
export const voidWindowMs = 30 * 60_000
/** An estimated return, or a genuine end, within this time after an estimated end belongs to the same session. */
const sameEndWindowMs = 10 * 60_000
/** A genuine start within this time after an estimated one replaces it. */
const sameStartWindowMs = 5 * 60_000

/** Whether evidence of presence at `at` voids this end. */
export function canBeVoided(end: End, at: number): boolean {
  return end.estimated && at - end.at <= voidWindowMs
}

/** Whether an estimated return, or a genuine end, at `at` concerns the session that ended here. */
export function isSameEnd(end: End, at: number): boolean {
  return end.estimated && at - end.at <= sameEndWindowMs
}

/** Whether a genuine start at `at` replaces an estimated one. */
export function isSameStart(estimatedAt: number, at: number): boolean {
  return at - estimatedAt <= sameStartWindowMs
}
