import type { DeadLetterCause, DeadLetterFacts } from '../../core/retries/dead-letter.ts'
import type { Selection } from './select-letter.ts'

/** How many dead letters are about the same kind of event in the same room for the same reason. */
export type LetterGroup = Pick<DeadLetterFacts, 'event' | 'room_id'> & {
  readonly cause: DeadLetterCause | 'too_old'
  readonly letters: number
}

/** Rooms beyond this number are counted together, so that the result stays small. */
const maxGroups = 1000

/** Counts dead letters that match a filter, each once however often it is received. */
export class LetterCounts {
  readonly #seen = new Set<string>()
  readonly #groups = new Map<string, LetterGroup>()
  readonly #selections: Record<Selection, number> = { selected: 0, too_old: 0, other: 0 }

  add(id: string, facts: DeadLetterFacts, selection: Selection): void {
    if (this.#seen.has(id)) return
    this.#seen.add(id)
    this.#selections[selection]++
    if (selection === 'other') return
    const { event, room_id } = facts
    const cause = selection === 'too_old' ? selection : facts.cause
    const key = JSON.stringify([event, room_id, cause])
    const isKnown = this.#groups.has(key) || this.#groups.size < maxGroups
    const group = isKnown ? { event, room_id, cause } : { event: null, room_id: null, cause }
    const groupKey = isKnown ? key : JSON.stringify([null, null, cause, 'others'])
    this.#groups.set(groupKey, { ...group, letters: (this.#groups.get(groupKey)?.letters ?? 0) + 1 })
  }

  get seen(): number {
    return this.#seen.size
  }

  count(selection: Selection): number {
    return this.#selections[selection]
  }

  countUnreadable(): number {
    return this.groups().reduce((sum, { cause, letters }) => sum + (cause === 'unreadable' ? letters : 0), 0)
  }

  /** The largest first. */
  groups(): LetterGroup[] {
    return [...this.#groups.values()].sort((one, other) => other.letters - one.letters)
  }
}
