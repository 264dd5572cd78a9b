import { api } from '../api.ts'
import type { ApiPage, ApiRoom } from '../api-types.ts'
import { noteRoomNames } from '../rooms/room-names.ts'
import { type CardPeople, CardReader } from './card-reader.ts'

/** Scrolling may load the people of further cards at any time, but the list at most once in this time. */
const minListIntervalMs = 2000

/** Number of rooms in the first request: enough to fill a screen quickly. */
const firstLoadRooms = 60

export type BoardData = {
  readonly rooms: readonly ApiRoom[]
  /** Undefined until all rooms have been read. */
  readonly open: { readonly rooms: number; readonly participants: number } | undefined
  /** By room; only of cards that have been on the screen. */
  readonly people: Readonly<Record<string, CardPeople | undefined>>
}

type Lists = Pick<BoardData, 'rooms' | 'open'>

/** Reads the open rooms, and the people of those whose cards are on the screen. */
export class BoardReader {
  readonly visibleIds = new Set<string>()
  readonly #cards = new CardReader()
  #lists: Lists | undefined
  #listsReadAtMs = 0

  /** @param isFirst reads only the first rooms; the next call reads the others. */
  async load(isFirst: boolean): Promise<BoardData> {
    const isRecent = performance.now() - this.#listsReadAtMs < minListIntervalMs
    const lists = this.#lists?.open !== undefined && isRecent ? this.#lists : await this.#readLists(isFirst)
    const people = await this.#cards.read(lists.rooms, this.visibleIds)
    return { ...lists, people }
  }

  /** @returns whether its people have not been read yet. */
  needsPeople(roomId: string): boolean {
    return !this.#cards.hasRead(roomId)
  }

  async #readLists(isFirst: boolean): Promise<Lists> {
    const readAtMs = performance.now()
    const rooms = await api.listOpenRooms(isFirst ? firstLoadRooms : undefined)
    const open = isFirst && rooms.cursor !== null ? undefined : await countOpen(rooms)
    noteRoomNames(rooms.items)
    this.#listsReadAtMs = readAtMs
    this.#lists = { rooms: rooms.items, open }
    return this.#lists
  }
}

/** Counts the rooms that were read, or asks the API if there are more. */
async function countOpen({ items, cursor }: ApiPage<ApiRoom>): Promise<BoardData['open']> {
  if (cursor === null)
    return { rooms: items.length, participants: items.reduce((sum, { present }) => sum + present, 0) }
  const { rooms_open, participants_present } = await api.readStats()
  return { rooms: rooms_open, participants: participants_present }
}
