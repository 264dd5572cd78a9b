import type { Envelope } from '../../core/protocol/envelope.ts'
import type { Differences } from '../../core/reconciliation/compare.ts'
import { decideCorrections } from '../../core/reconciliation/decide.ts'
import {
  type AbsenceTracker,
  noAbsences,
  type Presence,
  presenceKey,
  type StoredPresence,
} from '../../core/reconciliation/presence.ts'

export type SweepInput = {
  readonly differences: Differences
  /** What is stored about the differences. */
  readonly stored: readonly StoredPresence[]
  /** Number of open rooms and present participants. */
  readonly presentCount: number
  /** ms */
  readonly startedAt: number
}

/** Decides the corrections of one sweep after the other. */
export type SweepRules = {
  decide(input: SweepInput): readonly Envelope[]
  /** The list could not be read. */
  fail(): void
}

/** The default of `sweepGraceSeconds` (docs/contract.md, section 2). */
const graceMs = 120_000
const hash = (text: string) => text

/** The rules of the product (docs/contract.md, section 5). */
export class CurrentSweepRules implements SweepRules {
  #absences: AbsenceTracker = noAbsences

  decide({ differences, stored, startedAt }: SweepInput, grace = graceMs): readonly Envelope[] {
    const context = { startedAt, graceMs: grace, absences: this.#absences }
    const { corrections, absences } = decideCorrections(differences, stored, context, hash)
    this.#absences = absences
    return corrections
  }

  fail(): void {
    this.#absences = noAbsences
  }

  /** Start of the first sweep in a row that did not find it, in ms. */
  missingSince(presence: Presence): number | undefined {
    return this.#absences.get(presenceKey(presence))?.since
  }
}

/** A presence that changed more recently may only seem unknown, because the list is stale. */
const settleMs = 30_000
/** Half the time between two sweeps: how long before the first sweep without it a presence probably ended. */
const endedBeforeMs = 30_000
const mass = { minPresences: 20, minShare: 1 / 3, graceMs: 3 * 60_000, contradictedGraceMs: 7 * 60_000 }

/**
 * Rules that the product does not have yet:
 *
 * - a presence that changed within 30 s before the sweep is estimated only at the second sweep in a row that lists it, if
 *   nothing changed in between;
 * - a missing presence ended at its last event or 30 s before the first sweep without it, whichever is later; sweeps that
 *   fail later do not move that time;
 * - if more than a third of at least 20 presences are missing, the grace period is 3 minutes, or 7 if an event about one
 *   of them came since the first sweep without it.
 */
export class PlannedSweepRules implements SweepRules {
  readonly #current = new CurrentSweepRules()
  /** Time of the last change of the presences that the sweep before listed too soon after it, by key. */
  #unsettled: ReadonlyMap<string, number> = new Map()
  /** Start of the first sweep without each missing presence since it was last listed, whether or not later sweeps failed. */
  #missingSince: ReadonlyMap<string, number> = new Map()
  #contradicted = false

  decide(input: SweepInput): readonly Envelope[] {
    const { startedAt, presentCount, stored } = input
    const { missing } = input.differences
    const byKey = new Map(stored.map((entry) => [presenceKey(entry.presence), entry]))
    const before = new Map(missing.map((presence) => [presenceKey(presence), this.#current.missingSince(presence)]))
    const isMass = presentCount >= mass.minPresences && missing.length > presentCount * mass.minShare
    const hasChanged = [...before].some(([key, since]) => (byKey.get(key)?.changed_at ?? 0) > (since ?? startedAt))
    this.#contradicted = isMass && (this.#contradicted || hasChanged)
    const massGraceMs = this.#contradicted ? mass.contradictedGraceMs : mass.graceMs
    const differences = { missing, unknown: this.#selectSettled(input, byKey) }
    this.#missingSince = new Map(
      missing.map(presenceKey).map((key) => {
        const since = this.#missingSince.get(key)
        return [key, since === undefined || (byKey.get(key)?.changed_at ?? 0) > since ? startedAt : since]
      }),
    )
    const decided = this.#current.decide({ ...input, differences }, isMass ? massGraceMs : graceMs)
    return decided.map((correction) => this.#backdate(correction, stored))
  }

  fail(): void {
    this.#current.fail()
    this.#unsettled = new Map()
    this.#contradicted = false
  }

  #selectSettled({ differences, startedAt }: SweepInput, stored: ReadonlyMap<string, StoredPresence>) {
    const changedAt = (presence: Presence) => stored.get(presenceKey(presence))?.changed_at ?? 0
    const listedBefore = this.#unsettled
    const unsettled = differences.unknown.filter((presence) => changedAt(presence) > startedAt - settleMs)
    this.#unsettled = new Map(unsettled.map((presence) => [presenceKey(presence), changedAt(presence)]))
    return differences.unknown.filter((presence) => {
      const key = presenceKey(presence)
      return !this.#unsettled.has(key) || listedBefore.get(key) === changedAt(presence)
    })
  }

  /** Moves an estimated end to the time at which the presence probably ended. */
  #backdate(correction: Envelope, stored: readonly StoredPresence[]): Envelope {
    const { event, room_id = '', user_id } = correction.params
    if (event !== 'leave' && event !== 'close') return correction
    const own = stored.filter(
      ({ presence }) => presence.room_id === room_id && (event === 'close' || presence.user_id === user_id),
    )
    const changedAt = Math.max(...own.map(({ changed_at }) => changed_at))
    const since = this.#missingSince.get(presenceKey({ room_id, user_id })) ?? correction.received_at
    return { ...correction, received_at: Math.max(changedAt, since - endedBeforeMs) }
  }
}
