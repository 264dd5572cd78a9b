import { toleranceMs } from './connections.ts'
import type { SessionEnd } from './session.ts'

// Publishing or subscribing proves presence. It may have overtaken the join that it belongs to, so what follows from it is
// provisional for a short time (docs/contract.md, section 4).

/** Media after which presence was inferred, each within the tolerance after the one before. */
export type Evidence = {
  /** ms */
  readonly first_at: number
  readonly last_at: number
  /** The estimated end that the evidence voided; absent if the evidence started a session. */
  readonly voided?: SessionEnd
}

/** Adds media that begin at `at` (ms). @returns undefined if they are too late to belong to the same evidence. */
export function extendEvidence(evidence: Evidence, at: number): Evidence | undefined {
  return isWithinTolerance(evidence.last_at, at) ? { ...evidence, last_at: at } : undefined
}

/** Whether a later event, at `at`, may have been overtaken by this one. */
export function isWithinTolerance(earlier: number, at: number): boolean {
  return at - earlier <= toleranceMs
}
