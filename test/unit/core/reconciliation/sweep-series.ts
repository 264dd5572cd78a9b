import { assess } from '../../../../core/reconciliation/assess.ts'
import { compare, type ObservedRoom } from '../../../../core/reconciliation/compare.ts'
import type { Correction } from '../../../../core/reconciliation/correction.ts'
import {
  decideCorrections,
  needsQueueLength,
  rememberSent,
  roomsToClose,
} from '../../../../core/reconciliation/decide.ts'
import { noFindings, type SweepFindings } from '../../../../core/reconciliation/findings.ts'
import { type Presence, presenceKey, type StoredPresence } from '../../../../core/reconciliation/presence.ts'

export const graceMs = 120_000
export const minuteMs = 60_000

const hash = (text: string) => text

export type Sweep = {
  readonly observed: readonly ObservedRoom[]
  /** What is stored about every presence that has ever been. */
  readonly stored: readonly StoredPresence[]
  /** ms */
  readonly at: number
  /** ms: the last event of each room, if it is later than what is stored. */
  readonly lastEvents?: Readonly<Record<string, number>>
  readonly visibleMessages?: number
  /** Whether the corrections do not reach the queue. */
  readonly isSendingBroken?: boolean
}

/** Sweeps in a row: each knows what the one before has found and sent. */
export class SweepSeries {
  findings: SweepFindings = noFindings
  #isContinued = true

  sweep({ observed, stored, at, lastEvents = {}, visibleMessages = 0, isSendingBroken }: Sweep): readonly Correction[] {
    const present = stored.filter((entry) => entry.present).map((entry) => entry.presence)
    const differences = compare(observed, present)
    const keys = new Set([...differences.missing, ...differences.unknown].map(presenceKey))
    const read = stored.filter(({ presence }) => keys.has(presenceKey(presence)))
    const previous = this.findings
    const context = {
      startedAt: at,
      graceMs,
      previous,
      isContinued: this.#isContinued,
      presentCount: present.length,
      hash,
    }
    const assessment = assess(differences, read, context)
    const evidence = {
      lastEvents: new Map(roomsToClose(assessment).map((roomId) => [roomId, lastEvents[roomId] ?? 0])),
      visibleMessages: needsQueueLength(assessment) ? visibleMessages : 0,
    }
    const { corrections, findings } = decideCorrections(assessment, evidence, hash)
    this.findings = isSendingBroken ? findings : rememberSent(findings, corrections, at)
    this.#isContinued = true
    return corrections
  }

  fail(): void {
    this.#isContinued = false
  }
}

/** What a correction does and when: `leave R U 60`. The time is in seconds. */
export function summarize(corrections: readonly Correction[]): string[] {
  return corrections.map(({ envelope: { params, received_at } }) =>
    [params.event, params.room_id, params.user_id, received_at / 1000].filter((part) => part !== undefined).join(' '),
  )
}

/** A stored room with these users, all present and unchanged since `changed_at` (ms). */
export function storeRoom(room_id: string, users: readonly string[], changed_at = 0): StoredPresence[] {
  return [{ room_id }, ...users.map((user_id) => ({ room_id, user_id }))].map((presence) =>
    store(presence, { changed_at }),
  )
}

export function store(presence: Presence, entry: Partial<StoredPresence> = {}): StoredPresence {
  return { presence, present: true, changed_at: 0, session_ref: 'e', ...entry }
}

export function observe(room_id: string, users: readonly string[]): ObservedRoom[] {
  return [{ room_id, users: users.map((user_id) => ({ user_id })) }]
}
