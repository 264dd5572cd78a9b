import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { orderKey, sortBy } from '../../../../core/state/order.ts'
import { event } from '../../../support/events.ts'

const place = (name: string, at: number, trace: string) => event(name, {}, { at, trace })

describe('the order of events', () => {
  it('is first the moment of receipt, as a number', () => {
    const moments = [0, 9, 10, 99, 100, 999_999_999_999, 1_732_444_111_123, 9_999_999_999_999]
    // The later ones have the ranks and trace_ids that would put them first.
    const events = moments.map((at, index) => place(index % 2 ? 'open' : 'close', at, String(9 - index)))
    expect(sortBy(events.toReversed(), orderKey)).toEqual(events)
  })

  it('is within a millisecond: open, join, publish, the rest, unpublish, leave, close', () => {
    const names = ['open', 'join', 'publish', 'update', 'unpublish', 'leave', 'close']
    const events = names.map((name, index) => place(name, 5, String(9 - index)))
    expect(sortBy(events.toReversed(), orderKey).map((each) => each.event)).toEqual(names)
  })

  it('is among the rest, and among events of one kind, by trace_id', () => {
    const rest = ['warning_notify', 'sub', 'hologram_on', 'unsub', 'start_record', 'constructor', 'update']
    const events = rest.map((name, index) => place(name, 5, `t${index}`))
    expect(sortBy(events.toReversed(), orderKey)).toEqual(events)
    expect(sortBy([place('join', 5, 'b'), place('join', 5, 'a')], orderKey).map((each) => each.trace_id)).toEqual([
      'a',
      'b',
    ])
  })

  it('is total: no two different events share a place', () => {
    const key = fc.tuple(
      fc.constantFrom('open', 'join', 'sub', 'leave', 'close'),
      fc.nat(3),
      fc.string({ maxLength: 2 }),
    )
    fc.assert(
      fc.property(key, key, ([name, at, trace], [otherName, otherAt, otherTrace]) => {
        const same = name === otherName && at === otherAt && trace === otherTrace
        expect(orderKey(place(name, at, trace)) === orderKey(place(otherName, otherAt, otherTrace))).toBe(same)
      }),
    )
  })
})
