import { type RoomOrder, roomOrders } from './select-rooms.ts'

/** What the board shows, and how. */
export type BoardChoice = {
  readonly filter: string
  readonly order: RoomOrder
  readonly view: 'cards' | 'list'
}

/** @param parameters of the address. */
export function readChoice({ q = '', sort = '', view }: Readonly<Record<string, string>>): BoardChoice {
  return {
    filter: q,
    order: roomOrders.find((order) => order === sort) ?? 'occupied',
    view: view === 'list' ? 'list' : 'cards',
  }
}
