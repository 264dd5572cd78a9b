import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keepEqual } from '../../../console/state/keep-equal.ts'

describe('keepEqual', () => {
  it('returns the previous value itself if nothing differs', () => {
    const previous = { rooms: [{ id: '1', people: ['a'] }], open: undefined }
    expect(keepEqual(previous, structuredClone(previous))).toBe(previous)
  })

  it('keeps the equal parts of a value that differs', () => {
    const previous = { rooms: [{ id: '1' }, { id: '2' }], people: { '1': ['a'] } }
    const next = keepEqual(previous, { rooms: [{ id: '1' }, { id: '3' }], people: { '1': ['a'] } })
    expect(next).toEqual({ rooms: [{ id: '1' }, { id: '3' }], people: { '1': ['a'] } })
    expect(next.rooms[0]).toBe(previous.rooms[0])
    expect(next.people).toBe(previous.people)
  })

  it('notices shorter lists, removed names, and names that became undefined', () => {
    expect(keepEqual([1, 2], [1])).toEqual([1])
    expect(keepEqual({ a: 1, b: 2 }, { a: 1 })).toStrictEqual({ a: 1 })
    expect(keepEqual({ a: 1 }, { b: undefined })).toStrictEqual({ b: undefined })
  })

  it('always equals the new value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (previous, next) => {
        expect(keepEqual(previous, next)).toStrictEqual(next)
      }),
    )
  })
})
