import type { MassDisappearance } from './mass-disappearance.ts'

/** A correction that the queue has accepted. */
export type SentCorrection = {
  readonly trace_id: string
  /** ms: start of the sweep that sent it. */
  readonly at: number
}

/** A presence that is stored but missing from the platform's list. */
export type Absence = {
  /** ms: start of the first sweep without it since it was last listed or changed. Failed sweeps do not move it. */
  readonly first_at: number
  /** ms: start of the first of the successful sweeps in a row without it. */
  readonly since: number
  readonly sent?: SentCorrection
}

/** A presence that is in the platform's list but not stored. */
export type Sighting = {
  /** ms: the last event about it that was known. A later one shows that something changed. */
  readonly changed_at: number
  readonly sent?: SentCorrection
}

/** What one sweep tells the next. Absences and sightings by `presenceKey`. */
export type SweepFindings = {
  readonly absences: ReadonlyMap<string, Absence>
  readonly sightings: ReadonlyMap<string, Sighting>
  readonly massDisappearance?: MassDisappearance | undefined
}

export const noFindings: SweepFindings = { absences: new Map(), sightings: new Map() }
