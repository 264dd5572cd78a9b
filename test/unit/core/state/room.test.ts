import { describe, expect, it } from 'vitest'
import { at, room } from './states.ts'

const closedBy = (ms: number, event_type: string) => at(ms, 'close', { event_type })

describe('a room', () => {
  it('is opened by open', () => {
    expect(room(at(10, 'open'))).toMatchObject({
      status: 'open',
      opened_at: 10,
      closed_at: null,
      close_reason: null,
      reopened: 0,
      opening_estimated: false,
      closing_estimated: false,
    })
  })

  it('that is opened while open adds 1 to reopened and keeps opened_at', () => {
    expect(room(at(10, 'open'), at(20, 'open'))).toMatchObject({ status: 'open', opened_at: 10, reopened: 1 })
    expect(room(at(10, 'open'), at(20, 'open'), at(30, 'open'))).toMatchObject({ opened_at: 10, reopened: 2 })
  })

  it.each(['user', 'auto'])('is closed by close, for the reason %s', (reason) => {
    expect(room(at(10, 'open'), closedBy(20, reason))).toMatchObject({
      status: 'closed',
      opened_at: 10,
      closed_at: 20,
      close_reason: reason,
    })
  })

  it('closed for a reason of a later release is closed all the same', () => {
    expect(room(at(10, 'open'), closedBy(20, 'meteor'))).toMatchObject({ status: 'closed', close_reason: 'unknown' })
  })

  it('is open again after another open, as if new', () => {
    expect(room(at(10, 'open'), at(11, 'open'), closedBy(20, 'user'), at(30, 'open'))).toMatchObject({
      status: 'open',
      opened_at: 30,
      closed_at: null,
      close_reason: null,
      reopened: 0,
    })
  })

  it('closed again keeps the first close', () => {
    expect(room(at(10, 'open'), closedBy(20, 'user'), closedBy(30, 'auto'))).toMatchObject({
      closed_at: 20,
      close_reason: 'user',
    })
  })

  it('of which only a close was seen is closed', () => {
    expect(room(closedBy(20, 'auto'))).toMatchObject({ status: 'closed', opened_at: null, closed_at: 20 })
  })

  it('closed many times is closed for the last time', () => {
    const meetings = Array.from({ length: 30 }, (_, day) => [at(day * 10 + 1, 'open'), closedBy(day * 10 + 5, 'auto')])
    expect(room(...meetings.flat())).toMatchObject({ status: 'closed', opened_at: 291, closed_at: 295, reopened: 0 })
  })

  it('has no state of its own from what happens to its people', () => {
    expect(room(at(10, 'join'), at(20, 'publish', { stream_id: 'S' }), at(30, 'leave'))).toBeUndefined()
  })

  it('is told from another room by its room_id', () => {
    expect(room(at(10, 'open'), at(20, 'close', { room_id: 'other', event_type: 'user' }))).toMatchObject({
      status: 'open',
    })
  })
})
