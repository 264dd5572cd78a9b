import { isGenuineJoin, isMediaOn, type PersonHistory } from './evidence.ts'
import { type ModelEvent, secondMs, toleranceMs } from './logged-event.ts'
import type { Connection } from './session.ts'

const kickAfterConnectionMs = 10 * secondMs
const offlineAfterConnectionMs = 60 * secondMs

/** Which leaves belong to an older connection (section 4, Participant). */
export class OlderConnections {
  readonly #history: PersonHistory
  /** Joins that have absorbed a kick before them. */
  readonly #absorbers = new Set<ModelEvent>()
  #awaited: ModelEvent | undefined

  constructor(history: PersonHistory) {
    this.#history = history
  }

  /** Whether a kick was absorbed by a join that has yet to come. */
  get isJoinAwaited(): boolean {
    return this.#awaited !== undefined
  }

  /** @returns whether a kick before the join let it continue the session, "as a new connection". */
  arrive(join: ModelEvent): boolean {
    const continues = join === this.#awaited
    if (continues) this.#awaited = undefined
    return continues
  }

  connect(join: ModelEvent): Connection {
    return { at: join.at, hasAbsorbedKick: this.#absorbers.has(join) }
  }

  /** Whether a genuine leave belongs to an older connection; then it has no effect. */
  own(leave: ModelEvent, reason: string, connections: readonly Connection[]): boolean {
    if (reason === 'client_kick' && this.#absorbKick(leave, connections)) return true
    return this.#isOfOlder(leave, reason, connections.at(-1))
  }

  /** Whether `own` would say so. */
  wouldOwn(leave: ModelEvent, reason: string, connections: readonly Connection[]): boolean {
    const isAbsorbed =
      reason === 'client_kick' &&
      (findAwaitingKick(leave, connections) !== undefined || this.#findJoinAfter(leave) !== undefined)
    return isAbsorbed || this.#isOfOlder(leave, reason, connections.at(-1))
  }

  #isOfOlder(leave: ModelEvent, reason: string, newest: Connection | undefined): boolean {
    if (newest === undefined) return false
    if (reason === 'offline' && leave.at - newest.at <= offlineAfterConnectionMs) return true
    // "any leave within T after a new connection, if a publish or sub follows within T after it"; those after a join belong to that.
    const next = this.#history.after(leave, toleranceMs).find((event) => isMediaOn(event) || isGenuineJoin(event))
    return leave.at - newest.at <= toleranceMs && next !== undefined && isMediaOn(next)
  }

  /** "a client_kick within 10 s after a new connection (each new connection absorbs one), or within T before a join" */
  #absorbKick(kick: ModelEvent, connections: readonly Connection[]): boolean {
    const connection = findAwaitingKick(kick, connections)
    if (connection !== undefined) {
      connection.hasAbsorbedKick = true
      return true
    }
    const join = this.#findJoinAfter(kick)
    if (join === undefined) return false
    this.#absorbers.add(join)
    this.#awaited = join
    return true
  }

  #findJoinAfter(kick: ModelEvent): ModelEvent | undefined {
    return this.#history.after(kick, toleranceMs).find(isGenuineJoin)
  }
}

function findAwaitingKick(kick: ModelEvent, connections: readonly Connection[]): Connection | undefined {
  return connections.find(({ at, hasAbsorbedKick }) => !hasAbsorbedKick && kick.at - at <= kickAfterConnectionMs)
}
