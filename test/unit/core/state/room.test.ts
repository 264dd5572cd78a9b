import { describe, expect, it } from 'vitest'
import { eventAt, roomAfter } from './states.ts'

const closeAt = (ms: number, event_type: string) => eventAt(ms, 'close', { event_type })

describe('evolveRoom', () => {
  it('opens the room on an open', () => {
    expect(roomAfter(eventAt(10, 'open'))).toMatchObject({
      status: 'open',
      opened_at: 10,
      closed_at: null,
      close_reason: null,
      reopened: 0,
      opening_estimated: false,
      closing_estimated: false,
    })
  })

  it('counts an open of an open room as reopened, and keeps opened_at', () => {
    expect(roomAfter(eventAt(10, 'open'), eventAt(20, 'open'))).toMatchObject({
      status: 'open',
      opened_at: 10,
      reopened: 1,
    })
    expect(roomAfter(eventAt(10, 'open'), eventAt(20, 'open'), eventAt(30, 'open'))).toMatchObject({
      opened_at: 10,
      reopened: 2,
    })
  })

  it.each(['user', 'auto'])('closes the room on a close with the reason %s', (reason) => {
    expect(roomAfter(eventAt(10, 'open'), closeAt(20, reason))).toMatchObject({
      status: 'closed',
      opened_at: 10,
      closed_at: 20,
      close_reason: reason,
    })
  })

  it('closes the room on a close with an unknown reason', () => {
    expect(roomAfter(eventAt(10, 'open'), closeAt(20, 'meteor'))).toMatchObject({
      status: 'closed',
      close_reason: 'unknown',
    })
  })

  it('starts with fresh values on an open after a close', () => {
    expect(roomAfter(eventAt(10, 'open'), eventAt(11, 'open'), closeAt(20, 'user'), eventAt(30, 'open'))).toMatchObject(
      {
        status: 'open',
        opened_at: 30,
        closed_at: null,
        close_reason: null,
        reopened: 0,
      },
    )
  })

  it('keeps the first of several closes', () => {
    expect(roomAfter(eventAt(10, 'open'), closeAt(20, 'user'), closeAt(30, 'auto'))).toMatchObject({
      closed_at: 20,
      close_reason: 'user',
    })
  })

  it('creates a closed room from a close without an open', () => {
    expect(roomAfter(closeAt(20, 'auto'))).toMatchObject({ status: 'closed', opened_at: null, closed_at: 20 })
  })

  it('returns the last opening and closing of 30', () => {
    const meetings = Array.from({ length: 30 }, (_, index) => [
      eventAt(index * 10 + 1, 'open'),
      closeAt(index * 10 + 5, 'auto'),
    ])
    expect(roomAfter(...meetings.flat())).toMatchObject({
      status: 'closed',
      opened_at: 291,
      closed_at: 295,
      reopened: 0,
    })
  })

  it('is not affected by people in an open room', () => {
    expect(roomAfter(eventAt(5, 'open'), eventAt(10, 'join'), eventAt(30, 'leave'))).toEqual(
      roomAfter(eventAt(5, 'open')),
    )
  })

  it('ignores events of other rooms', () => {
    expect(
      roomAfter(eventAt(10, 'open'), eventAt(20, 'close', { room_id: 'other', event_type: 'user' })),
    ).toMatchObject({
      status: 'open',
    })
  })
})
