import type { ApiRoom } from '../api-types.ts'

export const roomOrders = ['occupied', 'id', 'name', 'present', 'opened'] as const
export type RoomOrder = (typeof roomOrders)[number]

const numericOrder = new Intl.Collator('zh-CN', { numeric: true })

const compareIds = (left: ApiRoom, right: ApiRoom) => numericOrder.compare(left.room_id, right.room_id)

/** Negative if `left` comes first; rooms that are equal are sorted by id. */
const comparisons: Readonly<Record<RoomOrder, (left: ApiRoom, right: ApiRoom) => number>> = {
  // It does not depend on how many people there are, so that cards keep their places while people come and go.
  occupied: (left, right) => Number(left.present === 0) - Number(right.present === 0),
  id: () => 0,
  // Rooms without a name come last.
  name: (left, right) =>
    Number(left.name === null) - Number(right.name === null) || numericOrder.compare(left.name ?? '', right.name ?? ''),
  present: (left, right) => right.present - left.present,
  opened: (left, right) => (right.opened_at ?? '').localeCompare(left.opened_at ?? ''),
}

/** Selects the rooms whose id or name contains the text, whatever its case. */
export function filterRooms(rooms: readonly ApiRoom[], text: string): readonly ApiRoom[] {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return rooms
  return rooms.filter(({ room_id, name }) => `${room_id}\n${name ?? ''}`.toLowerCase().includes(wanted))
}

export function sortRooms(rooms: readonly ApiRoom[], order: RoomOrder): ApiRoom[] {
  return rooms.toSorted((left, right) => comparisons[order](left, right) || compareIds(left, right))
}
