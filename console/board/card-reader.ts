import { ApiError, api } from '../api.ts'
import type { ApiParticipant, ApiRoom } from '../api-types.ts'

/** The people on a card, and how many more are in the room. */
export type CardPeople = { readonly participants: readonly ApiParticipant[]; readonly omitted: number }

/** On a card. */
export const maxPeople = 8
const roomReadConcurrency = 6
/** The list does not tell what people send, so they are read again after this time. Scrolling reads only further rooms. */
const maxAgeMs = 2000

const noPeople: CardPeople = { participants: [], omitted: 0 }

type CardRead = {
  /** Of the start of the read. */
  readonly readAtMs: number
  /** Undefined if they could not be read. */
  readonly people: CardPeople | undefined
}

/** Reads the people of the rooms whose cards are on the screen. A room that is empty in the list needs no request. */
export class CardReader {
  readonly #reads = new Map<string, CardRead>()

  hasRead(roomId: string): boolean {
    return this.#reads.has(roomId)
  }

  /** Reads what is due, and returns the people of all rooms that have been read. Forgets the rooms that are not listed. */
  async read(
    rooms: readonly ApiRoom[],
    visibleIds: ReadonlySet<string>,
  ): Promise<Readonly<Record<string, CardPeople | undefined>>> {
    const listed = new Set(rooms.map(({ room_id }) => room_id))
    for (const id of this.#reads.keys()) if (!listed.has(id)) this.#reads.delete(id)
    const due = rooms.filter((room) => visibleIds.has(room.room_id) && this.#isDue(room))
    const readers = Array.from({ length: roomReadConcurrency }, async () => {
      for (let room = due.shift(); room !== undefined; room = due.shift()) {
        const readAtMs = performance.now()
        const people = room.present === 0 ? noPeople : await readPeople(room.room_id)
        this.#reads.set(room.room_id, { readAtMs, people })
      }
    })
    await Promise.all(readers)
    return Object.fromEntries([...this.#reads].map(([id, { people }]) => [id, people]))
  }

  #isDue({ room_id }: ApiRoom): boolean {
    const last = this.#reads.get(room_id)
    return last === undefined || performance.now() - last.readAtMs >= maxAgeMs
  }
}

/**
 * Reads who is in the room now.
 *
 * @returns undefined if this room cannot be read, so that the other rooms can still be shown.
 */
async function readPeople(id: string): Promise<CardPeople | undefined> {
  try {
    const { room, participants, cursor } = await api.readPresent(id, maxPeople)
    return { participants, omitted: cursor === null ? 0 : Math.max(0, room.present - participants.length) }
  } catch (error) {
    if (error instanceof ApiError && error.status !== 401 && error.status < 500) return undefined
    throw error
  }
}
