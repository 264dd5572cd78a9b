import { type RoomOrder, roomOrders } from './select-rooms.ts'

/** What the board shows, and how. */
export type BoardChoice = {
  readonly filter: string
  readonly order: RoomOrder
  readonly view: 'cards' | 'list'
  readonly showsClosed: boolean
}

/** @param parameters of the address. */
export function readChoice({ q = '', sort = '', view, closed }: Readonly<Record<string, string>>): BoardChoice {
  return {
    filter: q,
    order: roomOrders.find((order) => order === sort) ?? 'id',
    view: view === 'list' ? 'list' : 'cards',
    showsClosed: closed === '1',
  }
}
