import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fold, historyOf } from '../../../../core/state/fold.ts'
import { anyDeliveries, event } from '../../../support/events.ts'
import { alertWindowMs, eventAt, participantAfter, roomAfter, sessionAfter } from './states.ts'

const rules = { alertWindowMs, timeZone: 'UTC' }

describe('historyOf and fold with a repeated trace_id', () => {
  const joinAt = (at: number) => event('join', {}, { at, trace: 'same' })
  const leaveAt = (at: number) => event('leave', { event_type: 'normal' }, { at, trace: 'left' })

  it('count the event once, at its earliest time of receipt', () => {
    expect(sessionAfter(joinAt(10), joinAt(20), joinAt(30))).toMatchObject({ joined_at: 10, reconnects: 0 })
    expect(sessionAfter(joinAt(30), joinAt(10), joinAt(20))).toMatchObject({ joined_at: 10, reconnects: 0 })
  })

  it('ignore a captured join that is replayed after the leave', () => {
    expect(sessionAfter(joinAt(10), leaveAt(20), joinAt(30))).toMatchObject({ joined_at: 10, end: { at: 20 } })
  })

  it('return each trace_id once in the history, in order', () => {
    expect(historyOf([joinAt(30), leaveAt(20), joinAt(10), leaveAt(25)]).map((each) => each.received_at)).toEqual([
      10, 20,
    ])
  })

  it('count events of different aggregates separately (docs/decisions/0002)', () => {
    const first = event('join', { user_id: 'U' }, { at: 10, trace: 'same' })
    const second = event('join', { user_id: 'V' }, { at: 20, trace: 'same' })
    const states = [...fold([first, second], rules).values()]
    expect(states.filter(({ kind }) => kind === 'participant')).toHaveLength(2)
    expect(sessionAfter(first, second)).toMatchObject({ joined_at: 10 })
  })
})

describe('fold with events of one millisecond', () => {
  it('applies opens before closes, and joins before leaves', () => {
    const ends = [eventAt(5, 'close', { event_type: 'user' }), eventAt(5, 'leave', { event_type: 'normal' })]
    const starts = [
      eventAt(5, 'publish', { stream_id: 'S', stream_type: 'audio' }),
      eventAt(5, 'join'),
      eventAt(5, 'open'),
    ]
    expect(roomAfter(...ends, ...starts)).toMatchObject({ status: 'closed', opened_at: 5, closed_at: 5 })
    expect(participantAfter(...ends, ...starts)).toMatchObject({
      session: { joined_at: 5, end: { at: 5, reason: 'normal' } },
      streams: [],
    })
    expect(participantAfter(...starts)?.streams).toHaveLength(1)
  })
})

describe('fold', () => {
  it('returns the same states for any order of the events', () => {
    const shuffled = anyDeliveries.chain((events) =>
      fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })),
    )
    fc.assert(
      fc.property(shuffled, ([events, reordered]) => {
        expect(fold(reordered, rules)).toEqual(fold(events, rules))
      }),
    )
  })

  it('returns the same states if the events are also delivered again, at the same time or later', () => {
    fc.assert(
      fc.property(anyDeliveries, fc.nat(50), (events, later) => {
        const repeats = events.map((each) => ({ ...each, received_at: each.received_at + later }))
        expect(fold([...repeats, ...events], rules)).toEqual(fold(events, rules))
      }),
    )
  })

  it('is not affected by events of an unknown kind', () => {
    fc.assert(
      fc.property(anyDeliveries, (events) => {
        const unknown = events.map((each) => event('hologram_on', { room_id: 'R1' }, { at: each.received_at }))
        expect(fold([...unknown, ...events], rules)).toEqual(fold(events, rules))
      }),
    )
  })

  it('returns no media outside an open session, and no session that ends before it starts', () => {
    fc.assert(
      fc.property(anyDeliveries, (events) => {
        for (const state of fold(events, rules).values()) {
          if (state.kind !== 'participant') continue
          const { session, streams, subscriptions } = state
          if (session === null || session.end !== null) expect([...streams, ...subscriptions]).toEqual([])
          if (session?.end) expect(session.end.at).toBeGreaterThanOrEqual(session.joined_at)
        }
      }),
    )
  })
})
