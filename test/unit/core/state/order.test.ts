import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareOrder, orderKey, sortBy } from '../../../../core/state/order.ts'
import { event } from '../../../support/events.ts'

const eventOf = (name: string, at: number, trace: string) => event(name, {}, { at, trace })

describe('orderKey', () => {
  it('orders events by time of receipt, compared as a number', () => {
    const moments = [0, 9, 10, 99, 100, 999_999_999_999, 1_732_444_111_123, 9_999_999_999_999]
    // By rank and trace_id alone, the order would be the reverse.
    const events = moments.map((at, index) => eventOf(index % 2 ? 'open' : 'close', at, String(9 - index)))
    expect(sortBy(events.toReversed(), orderKey)).toEqual(events)
  })

  it('orders events of one millisecond: open, join, publish, others, unpublish, leave, close', () => {
    const names = ['open', 'join', 'publish', 'update', 'unpublish', 'leave', 'close']
    const events = names.map((name, index) => eventOf(name, 5, String(9 - index)))
    expect(sortBy(events.toReversed(), orderKey).map((each) => each.event)).toEqual(names)
  })

  it('orders unsub with unpublish, after sub', () => {
    const events = [eventOf('sub', 5, 'z'), eventOf('unsub', 5, 'a'), eventOf('unpublish', 5, 'b')]
    expect(sortBy(events.toReversed(), orderKey)).toEqual(events)
  })

  it('orders events of the same time and rank by trace_id', () => {
    const rest = ['warning_notify', 'sub', 'hologram_on', 'stop_record', 'start_record', 'constructor', 'update']
    const events = rest.map((name, index) => eventOf(name, 5, `t${index}`))
    expect(sortBy(events.toReversed(), orderKey)).toEqual(events)
    expect(sortBy([eventOf('join', 5, 'b'), eventOf('join', 5, 'a')], orderKey).map((each) => each.trace_id)).toEqual([
      'a',
      'b',
    ])
  })

  it('is well-formed for a long trace_id that is cut within a character', () => {
    for (const start of ['', 'x'])
      expect(orderKey(eventOf('join', 5, start + '😀'.repeat(300))).isWellFormed()).toBe(true)
  })

  it('differs for any two different events', () => {
    const key = fc.tuple(
      fc.constantFrom('open', 'join', 'sub', 'leave', 'close'),
      fc.nat(3),
      fc.string({ maxLength: 2 }),
    )
    fc.assert(
      fc.property(key, key, ([name, at, trace], [otherName, otherAt, otherTrace]) => {
        const same = name === otherName && at === otherAt && trace === otherTrace
        expect(orderKey(eventOf(name, at, trace)) === orderKey(eventOf(otherName, otherAt, otherTrace))).toBe(same)
      }),
    )
  })
})

describe('compareOrder', () => {
  it('orders any two events as their order keys do', () => {
    const name = fc.constantFrom('open', 'join', 'sub', 'leave', 'close', 'constructor')
    const time = fc.oneof(fc.nat(3), fc.constantFrom(999_999_999_999, 1_732_444_111_123))
    const trace = fc.oneof(fc.string({ maxLength: 2 }), fc.constantFrom('😀'.repeat(300), `${'x'.repeat(200)}y`))
    const anyEvent = fc.tuple(name, time, trace).map(([...given]) => eventOf(...given))
    fc.assert(
      fc.property(anyEvent, anyEvent, (one, other) => {
        const [key, otherKey] = [orderKey(one), orderKey(other)]
        expect(Math.sign(compareOrder(one, other))).toBe(key < otherKey ? -1 : key > otherKey ? 1 : 0)
      }),
      { numRuns: 1000 },
    )
  })
})
