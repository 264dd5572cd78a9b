import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fold, historyOf } from '../../../../core/state/fold.ts'
import { anyDeliveries, event } from '../../../support/events.ts'
import { alertWindowMs, at, participant, room, session } from './states.ts'

const rules = { alertWindowMs }

describe('a trace_id counts once, at its earliest receipt', () => {
  const join = (at: number) => event('join', {}, { at, trace: 'same' })
  const leave = (at: number) => event('leave', { event_type: 'normal' }, { at, trace: 'left' })

  it('whenever it comes again', () => {
    expect(session(join(10), join(20), join(30))).toMatchObject({ joined_at: 10, reconnects: 0 })
    expect(session(join(30), join(10), join(20))).toMatchObject({ joined_at: 10, reconnects: 0 })
  })

  it('so a captured join that is replayed after the leave brings nobody back', () => {
    expect(session(join(10), leave(20), join(30))).toMatchObject({ joined_at: 10, end: { at: 20 } })
  })

  it('in the history of its aggregate', () => {
    expect(historyOf([join(30), leave(20), join(10), leave(25)]).map((each) => each.received_at)).toEqual([10, 20])
  })

  it('about one aggregate: about another it is another event (docs/decisions/0002)', () => {
    const first = event('join', { user_id: 'U' }, { at: 10, trace: 'same' })
    const elsewhere = event('join', { user_id: 'V' }, { at: 20, trace: 'same' })
    expect([...fold([first, elsewhere], rules).values()]).toHaveLength(2)
    expect(session(first, elsewhere)).toMatchObject({ joined_at: 10 })
  })
})

describe('within a millisecond', () => {
  it('a room is opened before it is closed, and its people join before they leave', () => {
    const instant = [at(5, 'close', { event_type: 'user' }), at(5, 'leave', { event_type: 'normal' })]
    const begin = [at(5, 'publish', { stream_id: 'S', stream_type: 'audio' }), at(5, 'join'), at(5, 'open')]
    expect(room(...instant, ...begin)).toMatchObject({ status: 'closed', opened_at: 5, closed_at: 5 })
    expect(participant(...instant, ...begin)).toMatchObject({
      session: { joined_at: 5, end: { at: 5, reason: 'normal' } },
      streams: [],
    })
    expect(participant(...begin)?.streams).toHaveLength(1)
  })
})

describe('the same set of events gives the same state', () => {
  it('in any order', () => {
    const shuffled = anyDeliveries.chain((events) =>
      fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })),
    )
    fc.assert(
      fc.property(shuffled, ([events, again]) => {
        expect(fold(again, rules)).toEqual(fold(events, rules))
      }),
    )
  })

  it('with any of them delivered again, then or later', () => {
    fc.assert(
      fc.property(anyDeliveries, fc.nat(50), (events, later) => {
        const again = events.map((each) => ({ ...each, received_at: each.received_at + later }))
        expect(fold([...again, ...events], rules)).toEqual(fold(events, rules))
      }),
    )
  })

  it('and events of kinds that the document does not know change nothing', () => {
    fc.assert(
      fc.property(anyDeliveries, (events) => {
        const unknown = events.map((each) => event('hologram_on', { room_id: 'R1' }, { at: each.received_at }))
        expect(fold([...unknown, ...events], rules)).toEqual(fold(events, rules))
      }),
    )
  })
})

describe('what always holds', () => {
  it('nobody sends or receives anything outside an open session, and no session ends before it begins', () => {
    fc.assert(
      fc.property(anyDeliveries, (events) => {
        for (const state of fold(events, rules).values()) {
          if (state.kind !== 'participant') continue
          const { session: stay, streams, subscriptions } = state
          if (stay === null || stay.end !== null) expect([...streams, ...subscriptions]).toEqual([])
          if (stay?.end) expect(stay.end.at).toBeGreaterThanOrEqual(stay.joined_at)
        }
      }),
    )
  })
})
