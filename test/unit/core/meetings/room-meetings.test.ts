import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { indexOccupancies, listMeetings, selectHistory } from '../../../../core/meetings/room-meetings.ts'
import { allTime, type Period } from '../../../../core/ports/period.ts'
import type { NorthboundEvent } from '../../../../core/protocol/events.ts'
import { aggregateOf, streamOf } from '../../../../core/state/aggregate.ts'
import { fold } from '../../../../core/state/fold.ts'
import { rules } from '../../../support/apply.ts'
import { anyDeliveries, event } from '../../../support/events.ts'
import { anyRoomDeliveries } from '../../../support/room-histories.ts'
import { sessionRowsOf } from '../../../support/room-openings.ts'

const minute = 60_000
const at = (name: string, minutes: number, params = {}) => event(name, params, { at: minutes * minute })
const estimatedClose = (minutes: number) =>
  event('close', { event_type: 'reconciled' }, { at: minutes * minute, source: 'reconcile' })

const userClose = { event_type: 'user' }

/** What the API lists after these events, at `now` (minutes). */
function listAfter(events: readonly NorthboundEvent[], now: number, period = allTime) {
  const state = fold(events, rules).get(streamOf({ kind: 'room', room_id: 'R' }))
  const room = state?.kind === 'room' ? state : undefined
  const record = { room, events: events.filter((one) => aggregateOf(one).kind === 'room') }
  const history = selectHistory(record, period)
  const sessions = sessionRowsOf(events, 'R')
  const meetings = listMeetings({ record, history, sessions, now: now * minute }, indexOccupancies(sessions), period)
  return meetings.map(({ opened_at, closed_at }) => [
    opened_at / minute,
    closed_at === null ? null : closed_at / minute,
  ])
}

describe('listMeetings', () => {
  it('takes the last opening from the state, which knows activity that sessions do not show', () => {
    const record = at('start_record', 45, { event_type: 'success', exporter_id: 'E', start_time: '1764100000' })
    const events = [at('open', 0), at('join', 1), estimatedClose(40), record]
    expect(listAfter(events, 60)).toEqual([[0, null]])
    expect(listAfter(events.slice(0, -1), 60)).toEqual([[0, 40]])
  })

  it.each([
    ['a join', at('join', 50, { user_id: 'V' })],
    ['a publish', at('publish', 50, { stream_id: 'S', stream_type: 'audio' })],
  ])('knows by %s that an estimated close of an earlier opening was a mistake', (_, activity) => {
    const first = [at('open', 0), at('join', 1), estimatedClose(40), activity, at('close', 70, { event_type: 'user' })]
    const second = [at('open', 100), at('close', 110, { event_type: 'user' })]
    expect(listAfter([...first, ...second], 200)).toEqual([
      [0, 70],
      [100, 110],
    ])
  })

  it('ends an earlier opening with an estimated close that nothing contradicts', () => {
    const first = [at('open', 0), at('join', 1), estimatedClose(40)]
    const second = [at('open', 100), at('close', 110, { event_type: 'user' })]
    expect(listAfter([...first, ...second], 200)).toEqual([
      [0, 40],
      [100, 110],
    ])
  })

  it('starts with the first stored session if the log has lost the open', () => {
    const events = [at('join', 1), at('close', 50, { event_type: 'user' }), at('open', 90)]
    expect(listAfter(events, 100)).toEqual([
      [1, 50],
      [90, null],
    ])
  })

  it('knows from a leave of someone whose join was estimated that an estimated close was a mistake', () => {
    const join = event('join', { user_id: 'V' }, { at: 45 * minute, source: 'reconcile' })
    const second = [at('open', 100), at('close', 110, userClose)]
    const leave = at('leave', 51, { user_id: 'V', event_type: 'normal' })
    expect(
      listAfter([at('open', 0), estimatedClose(40), join, leave, at('close', 69, userClose), ...second], 200),
    ).toEqual([
      [0, 69],
      [100, 110],
    ])
    expect(listAfter([at('open', 0), estimatedClose(40), join, at('close', 69, userClose), ...second], 200)).toEqual([
      [0, 40],
      [45, 69],
      [100, 110],
    ])
  })

  it('finds such a join in any order of the sessions', () => {
    const later = at('join', 105, { user_id: 'W' })
    const first = [
      at('open', 0),
      at('join', 1),
      estimatedClose(40),
      at('join', 50, { user_id: 'V' }),
      at('close', 69, userClose),
    ]
    expect(listAfter([later, ...first, at('open', 100), at('close', 110, userClose)], 200)).toEqual([
      [0, 69],
      [100, 110],
    ])
  })

  it('lists nothing for a close without an open', () => {
    expect(listAfter([at('close', 10, userClose)], 20)).toEqual([])
  })

  it('lists only the meetings that overlap the period', () => {
    const leaveAt = (minutes: number) => at('leave', minutes, { event_type: 'normal' })
    const events = [at('open', 0), at('join', 1), leaveAt(60), at('join', 500), leaveAt(560)]
    const between = (from: number, to: number) => ({ from: from * minute, to: to * minute })
    expect(listAfter(events, 1000, between(0, 500))).toEqual([[0, 60]])
    expect(listAfter(events, 1000, between(60, 501))).toEqual([[500, 560]])
    const short = [at('open', 0), at('close', 5, userClose), at('open', 9), at('close', 9, userClose)]
    expect(listAfter(short, 1000, between(5, 9))).toEqual([])
    expect(listAfter(short, 1000, between(9, 10))).toEqual([[9, 9]])
  })

  it('lists each meeting once and in order, since pages continue after the time of an opening', () => {
    fc.assert(
      fc.property(fc.oneof(anyRoomDeliveries, anyDeliveries), (events) => {
        const ofRoom = events.filter(({ params }) => params.room_id === 'R')
        const opened = listAfter(ofRoom, Math.max(0, ...ofRoom.map(({ received_at }) => received_at)) / minute).map(
          ([openedAt]) => Number(openedAt),
        )
        expect(opened).toEqual([...new Set(opened)].sort((one, other) => one - other))
      }),
      { numRuns: 500 },
    )
  })
})

describe('selectHistory', () => {
  const select = (events: readonly NorthboundEvent[], from: number) => {
    const period: Period = { from: from * minute, to: 1e15 }
    const { events: selected, since } = selectHistory({ room: undefined, events }, period)
    return [selected.map(({ received_at }) => received_at / minute), since / minute]
  }
  const name = event('name_room', { room_name: 'A' }, { at: 15 * minute, source: 'reconcile' })
  const events = [at('open', 0), at('close', 10, userClose), name, at('open', 20), at('close', 30, userClose)]

  it('begins with the last close before an open before the period', () => {
    expect(select(events, 20)).toEqual([[10, 20, 30], 10])
    expect(select(events.slice(1), 99)).toEqual([[10, 20, 30], 10])
  })

  it('is everything if there is no such close', () => {
    expect(select(events, 19)).toEqual([[0, 10, 20, 30], 0])
  })
})
