import { describe, expect, it } from 'vitest'
import { type RoomState, withName } from '../../../../core/state/room.ts'
import { correctionAt, eventAt, roomAfter } from './states.ts'

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

describe('the name of a room', () => {
  const nameAt = (ms: number, room_name: string) => correctionAt(ms, 'name_room', { room_name })
  const withoutName = (state: RoomState | undefined) => state && withName(state, undefined)

  it('is the latest one, and outlasts closes and openings', () => {
    const history = [eventAt(10, 'open'), nameAt(11, 'A'), closeAt(20, 'user'), nameAt(25, 'B'), eventAt(30, 'open')]
    expect(history.map((_, index) => roomAfter(...history.slice(0, index + 1))?.name)).toEqual([
      ...[undefined, 'A', 'A', 'B', 'B'],
    ])
    expect(roomAfter(...history, nameAt(15, 'C'))?.name).toBe('B')
  })

  it('changes nothing else', () => {
    const history = [eventAt(10, 'open'), closeAt(20, 'user'), eventAt(30, 'open'), eventAt(40, 'open')]
    const names = [5, 15, 25, 35, 45].map((ms) => nameAt(ms, `N${ms}`))
    expect(withoutName(roomAfter(...history, ...names))).toEqual(roomAfter(...history))
  })

  it('is truncated to 256 bytes', () => {
    expect(roomAfter(nameAt(1, '会'.repeat(100)))?.name).toBe('会'.repeat(85))
  })

  it('cannot come from a callback', () => {
    const callback = eventAt(1, 'name_room', { room_name: 'A' })
    expect(callback.data).toEqual({ event: 'unknown', room_id: callback.params.room_id })
  })
})
