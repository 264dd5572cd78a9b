import type { CallbackParameters } from '../callback-parameters.ts'

/** The rooms that a simulation has opened at the receiver and not closed. */
export class OpenRooms {
  readonly #open = new Set<string>()
  readonly #opened = new Set<string>()

  get openedCount(): number {
    return this.#opened.size
  }

  get ids(): readonly string[] {
    return [...this.#open]
  }

  /** Any event of a person or a stream can open a room at the receiver, also a late one. */
  acknowledge({ event, room_id }: CallbackParameters): void {
    if (room_id === undefined || event === undefined || /record/.test(event)) return
    if (event === 'close') this.#open.delete(room_id)
    else {
      this.#open.add(room_id)
      this.#opened.add(room_id)
    }
  }
}
