import { describe, expect, it } from 'vitest'
import { findRenamedRooms, nameRooms } from '../../../../core/reconciliation/room-names.ts'
import { store } from './sweep-series.ts'

const observe = (room_id: string, name: string | undefined) => ({ room_id, name, users: [] })

describe('findRenamedRooms', () => {
  it('finds rooms with another name, and neither people nor rooms without a name or with the same', () => {
    const observed = [observe('A', 'new'), observe('B', 'same'), observe('C', undefined), observe('D', 'first')]
    const stored = [
      { room_id: 'A', name: 'old' },
      { room_id: 'B', name: 'same' },
      { room_id: 'C', name: 'kept' },
      { room_id: 'D' },
      { room_id: 'E' },
      { room_id: 'A', user_id: 'U' },
    ]
    expect(findRenamedRooms(observed, stored)).toEqual([
      { room_id: 'A', room_name: 'new' },
      { room_id: 'D', room_name: 'first' },
    ])
    expect(findRenamedRooms([observe('C', undefined)], stored)).toEqual([])
  })

  it('leaves more than 500 to the next sweep', () => {
    const ids = Array.from({ length: 501 }, (_, index) => `R${index}`)
    const observed = ids.map((id) => observe(id, 'A'))
    expect(
      findRenamedRooms(
        observed,
        ids.map((room_id) => ({ room_id })),
      ),
    ).toHaveLength(500)
  })
})

describe('nameRooms', () => {
  it('names only rooms that are open', () => {
    const renamed = ['A', 'B', 'C'].map((room_id) => ({ room_id, room_name: 'N' }))
    const stored = [store({ room_id: 'A' }), store({ room_id: 'B' }, { present: false })]
    const named = nameRooms(renamed, stored, 5, (text) => text).map(({ envelope }) => envelope.params.room_id)
    expect(named).toEqual(['A'])
  })
})
