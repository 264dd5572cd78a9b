import type { ApiRoom } from './api-types.ts'
import { type CardPeople, readCardPeople } from './room-card.ts'

const roomReadConcurrency = 6
/** The list does not tell what people send, so they are read again after this time. Scrolling reads only further rooms. */
const maxAgeMs = 2000

const nobody: CardPeople = { participants: [], omitted: 0 }

type CardRead = {
  /** Of the start of the read. */
  readonly readAtMs: number
  /** Undefined if they could not be read. */
  readonly people: CardPeople | undefined
}

/** Reads the people of the rooms whose cards are on the screen. A room that is empty in the list needs no request. */
export class CardReader {
  readonly #reads = new Map<string, CardRead>()

  peopleOf(roomId: string): CardPeople | undefined {
    return this.#reads.get(roomId)?.people
  }

  hasRead(roomId: string): boolean {
    return this.#reads.has(roomId)
  }

  forget(roomId: string): void {
    this.#reads.delete(roomId)
  }

  async read(visibleRooms: readonly ApiRoom[]): Promise<void> {
    const due = visibleRooms.filter((room) => this.#isDue(room))
    const readers = Array.from({ length: roomReadConcurrency }, async () => {
      for (let room = due.shift(); room !== undefined; room = due.shift()) {
        const readAtMs = performance.now()
        const people = room.present === 0 ? nobody : await readCardPeople(room.room_id)
        this.#reads.set(room.room_id, { readAtMs, people })
      }
    })
    await Promise.all(readers)
  }

  #isDue({ room_id }: ApiRoom): boolean {
    const last = this.#reads.get(room_id)
    return last === undefined || performance.now() - last.readAtMs >= maxAgeMs
  }
}
