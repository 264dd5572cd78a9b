import { type ModelEvent, minuteMs, toleranceMs } from './logged-event.ts'

const evidenceOfPresence = ['publish', 'unpublish', 'sub', 'unsub', 'update']
const voidWithinMs = 30 * minuteMs

export function isMediaOn({ name, isGenuine }: ModelEvent): boolean {
  return isGenuine && (name === 'publish' || name === 'sub')
}

export function isGenuineJoin({ name, isGenuine }: ModelEvent): boolean {
  return isGenuine && name === 'join'
}

/** The events of one person, and the closes of the room, with what follows on each. */
export class PersonHistory {
  readonly #events: readonly ModelEvent[]

  /** @param events in their order. */
  constructor(events: readonly ModelEvent[]) {
    this.#events = events
  }

  /** The events after this one, up to `withinMs` later. */
  after(event: ModelEvent, withinMs: number): ModelEvent[] {
    return this.#events.slice(this.#events.indexOf(event) + 1).filter(({ at }) => at - event.at <= withinMs)
  }

  /** The events from a time (ms) to this event. */
  between(startMs: number, event: ModelEvent): ModelEvent[] {
    return this.#events.slice(0, this.#events.indexOf(event)).filter(({ at }) => at >= startMs)
  }

  /** Section 4, Presence by evidence: "if a join follows within T it belongs to that join (all evidence within T of each other)". */
  belongsToJoin(media: ModelEvent): boolean {
    const next = this.after(media, toleranceMs).find((event) => isMediaOn(event) || isGenuineJoin(event))
    return next !== undefined && (isGenuineJoin(next) || this.belongsToJoin(next))
  }

  /**
   * Section 4, Estimates: "an estimated end that a genuine publish, unpublish, sub, unsub or update … follows within 30 minutes is void".
   *
   * @param isReplacedBy whether a genuine leave replaces the time and reason of the end.
   */
  isVoid(end: ModelEvent, isReplacedBy: (leave: ModelEvent) => boolean): boolean {
    if (end.isGenuine) return false
    // Media of a participant whom an estimated join has brought back do not wait for a join.
    let isBack = false
    let wasBack = false
    for (const event of this.after(end, voidWithinMs)) {
      // "a genuine `join` makes the end final"
      if (isGenuineJoin(event)) return false
      if (isEvidence(event) && (isBack || !isMediaOn(event) || !this.belongsToJoin(event))) return true
      if (event.name === 'leave' && event.isGenuine && !wasBack && isReplacedBy(event)) return false
      if (event.name === 'join') {
        isBack = true
        wasBack = true
      }
      if (event.name === 'leave' || event.name === 'close') isBack = false
    }
    return false
  }
}

function isEvidence({ name, isGenuine }: ModelEvent): boolean {
  return isGenuine && evidenceOfPresence.includes(name)
}
