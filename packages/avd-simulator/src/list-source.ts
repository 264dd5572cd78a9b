import type { InstallationState, SimulatedRoom } from './installation-state.ts'
import { jsonResponse, type ListBehaviour, type SimulatedResponse } from './list-responses.ts'

/** What one list of the API shows, and how it responds. */
export class ListSource {
  readonly #state: InstallationState
  #behaviour: ListBehaviour = 'ok'
  /** ms since 1970: when the behaviour was set. */
  #behaviourSince = 0
  /** The rooms at the times of their changes, while the list lags behind. */
  #history: { readonly at: number; readonly rooms: readonly SimulatedRoom[] }[] = []
  #nextAnswer = 0

  constructor(state: InstallationState) {
    this.#state = state
    state.onChange(() => {
      if (this.#lagMs !== undefined) this.#history.push({ at: Date.now(), rooms: state.rooms })
    })
  }

  setBehaviour(behaviour: ListBehaviour): void {
    this.#behaviour = behaviour
    this.#behaviourSince = Date.now()
    this.#nextAnswer = 0
    this.#history = [{ at: 0, rooms: this.#state.rooms }]
  }

  /** The behaviour at this time. */
  get behaviour(): ListBehaviour {
    const behaviour = this.#behaviour
    if (typeof behaviour !== 'object' || !('emptyForMs' in behaviour)) return behaviour
    return Date.now() < this.#behaviourSince + behaviour.emptyForMs ? 'empty' : 'ok'
  }

  /** The rooms that the list shows. */
  get rooms(): readonly SimulatedRoom[] {
    return this.#lagMs === undefined ? this.#state.rooms : this.#roomsAt(Date.now() - this.#lagMs)
  }

  findRoom(room_id: string): SimulatedRoom | undefined {
    if (this.#lagMs === undefined) return this.#state.findRoom(room_id)
    return this.rooms.find((room) => room.room_id === room_id)
  }

  /** @param shownAt ms since 1970 */
  #roomsAt(shownAt: number): readonly SimulatedRoom[] {
    return this.#history.findLast(({ at }) => at <= shownAt)?.rooms ?? []
  }

  get #lagMs(): number | undefined {
    return typeof this.#behaviour === 'object' && 'lagMs' in this.#behaviour ? this.#behaviour.lagMs : undefined
  }

  /**
   * The fixed response to a request, if the behaviour has some.
   *
   * @param isFirstPage whether the request has no paging parameters.
   */
  takeAnswer(isFirstPage: boolean): SimulatedResponse | undefined {
    const behaviour = this.#behaviour
    if (typeof behaviour !== 'object' || !('answers' in behaviour)) return undefined
    const { answers } = behaviour
    const index = isFirstPage ? 0 : Math.min(this.#nextAnswer, answers.length - 1)
    this.#nextAnswer = index + 1
    return jsonResponse(answers[index] ?? {})
  }
}
