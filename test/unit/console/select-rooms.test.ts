import { describe, expect, it } from 'vitest'
import type { ApiRoom } from '../../../console/api-types.ts'
import { filterRooms, type RoomOrder, sortRooms } from '../../../console/board/select-rooms.ts'

const room = (room_id: string, name: string | null, present: number, opened_at: string): ApiRoom => ({
  room_id,
  name,
  status: 'open',
  opened_at,
  closed_at: null,
  close_reason: null,
  reopened: 0,
  present,
  estimated: false,
})

const rooms = [
  room('10', 'Maths', 3, '2026-11-26T08:00:00.000Z'),
  room('9', null, 3, '2026-11-26T09:00:00.000Z'),
  room('a1', 'Art', 7, '2026-11-26T07:00:00.000Z'),
]
const idsOf = (list: readonly ApiRoom[]) => list.map(({ room_id }) => room_id)

describe('filterRooms', () => {
  it('finds a part of the id or the name, whatever its case', () => {
    expect(idsOf(filterRooms(rooms, ' ART '))).toEqual(['a1'])
    expect(idsOf(filterRooms(rooms, '1'))).toEqual(['10', 'a1'])
    expect(filterRooms(rooms, '')).toBe(rooms)
    expect(filterRooms(rooms, 'none')).toEqual([])
  })
})

describe('sortRooms', () => {
  it.each<[RoomOrder, string[]]>([
    ['id', ['9', '10', 'a1']],
    ['name', ['a1', '10', '9']],
    ['present', ['a1', '9', '10']],
    ['opened', ['9', '10', 'a1']],
  ])('sorts by %s, and equal rooms by id', (order, ids) => {
    expect(idsOf(sortRooms(rooms, order))).toEqual(ids)
  })

  it('places rooms with people before empty ones, however many people there are', () => {
    const mixed = [room('1', null, 0, ''), room('2', null, 1, ''), room('3', null, 0, ''), room('4', null, 9, '')]
    expect(idsOf(sortRooms(mixed, 'occupied'))).toEqual(['2', '4', '1', '3'])
  })
})
