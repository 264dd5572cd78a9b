import { isWithin, type Period } from '../../core/ports/period.ts'
import { isBeyondLateness } from '../../core/projection/checkpoints.ts'
import type { DeadLetterFacts } from '../../core/retries/dead-letter.ts'

/** Which dead letters to put back. */
export type LetterFilter = {
  /** Undefined for all events. */
  readonly events: ReadonlySet<string> | undefined
  readonly room_id: string | undefined
  /** By time of receipt. */
  readonly period: Period
}

/** `too_old`: it matches, but was received more than 25 days ago, so the log may lack the events around it. */
export type Selection = 'selected' | 'too_old' | 'other'

/** @param now ms since 1970. */
export function selectLetter(facts: DeadLetterFacts, filter: LetterFilter, now: number): Selection {
  const { event, room_id, received_at } = facts
  const isWanted =
    (filter.events === undefined || (event !== null && filter.events.has(event))) &&
    (filter.room_id === undefined || filter.room_id === room_id) &&
    isWithin(received_at, filter.period)
  if (!isWanted) return 'other'
  return isBeyondLateness(received_at, now) ? 'too_old' : 'selected'
}
