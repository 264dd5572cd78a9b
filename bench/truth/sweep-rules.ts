import type { Envelope } from '../../core/protocol/envelope.ts'
import { assess } from '../../core/reconciliation/assess.ts'
import type { Differences } from '../../core/reconciliation/compare.ts'
import { decideCorrections, rememberSent, roomsToClose } from '../../core/reconciliation/decide.ts'
import { noFindings, type SweepFindings } from '../../core/reconciliation/findings.ts'
import type { StoredPresence } from '../../core/reconciliation/presence.ts'

export type SweepInput = {
  readonly differences: Differences
  /** What is stored about the differences. */
  readonly stored: readonly StoredPresence[]
  /** Number of open rooms and present participants. */
  readonly presentCount: number
  /** ms */
  readonly startedAt: number
  /** ms: the last event of the room or of anybody in it. */
  readonly lastEventAt: (roomId: string) => number
}

/** The default of `sweepGraceSeconds` (docs/contract.md, section 2). */
const graceMs = 120_000
const hash = (text: string) => text

/** Decides the corrections of one sweep after the other, with the rules of the product. */
export class SweepRules {
  #findings: SweepFindings = noFindings
  #isContinued = true

  decide({ differences, stored, presentCount, startedAt, lastEventAt }: SweepInput): readonly Envelope[] {
    const previous = this.#findings
    const context = { startedAt, graceMs, previous, isContinued: this.#isContinued, presentCount, hash }
    const assessment = assess(differences, stored, context)
    const lastEvents = new Map(roomsToClose(assessment).map((roomId) => [roomId, lastEventAt(roomId)]))
    const { corrections, findings } = decideCorrections(assessment, { lastEvents, visibleMessages: 0 }, hash)
    this.#findings = rememberSent(findings, corrections, startedAt)
    this.#isContinued = true
    return corrections.map(({ envelope }) => envelope)
  }

  /** The list could not be read. */
  fail(): void {
    this.#isContinued = false
  }
}
