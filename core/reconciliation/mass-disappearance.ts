// So many presences missing at once are more likely a fault of the platform than as many departures (docs/contract.md,
// section 5). Their corrections wait longer, and people are told.

/** An episode in which most of the installation seems to have disappeared. */
export type MassDisappearance = {
  /** ms: start of the first sweep that found it. */
  readonly since: number
  /** Numbers of presences at that sweep. */
  readonly missing: number
  readonly present: number
  /** Whether an event about a missing presence came after the first sweep without it, so that the list is doubtful. */
  readonly isContradicted: boolean
}

type MassEvidence = {
  readonly missing: number
  /** Open rooms and present participants that are stored, including the missing ones. */
  readonly present: number
  /** ms */
  readonly startedAt: number
  readonly isContradicted: boolean
}

const minPresences = 20
const minMissingShare = 1 / 3
const graceMs = 3 * 60_000
const contradictedGraceMs = 7 * 60_000

/** @returns the episode that this sweep begins or continues; undefined if not enough is missing. */
export function trackMassDisappearance(
  before: MassDisappearance | undefined,
  { missing, present, startedAt, isContradicted }: MassEvidence,
): MassDisappearance | undefined {
  if (present < minPresences || missing <= present * minMissingShare) return undefined
  if (before === undefined) return { since: startedAt, missing, present, isContradicted }
  return { ...before, isContradicted: before.isContradicted || isContradicted }
}

/** The grace period (ms) while so much is missing. */
export function massGraceMs({ isContradicted }: MassDisappearance): number {
  return isContradicted ? contradictedGraceMs : graceMs
}
