import { describe, expect, it } from 'vitest'
import { eventAt, participantAfter, sessionAfter } from './states.ts'

const leaveAt = (ms: number, event_type: string) => eventAt(ms, 'leave', { event_type })
const closeAt = (ms: number, params = {}) => eventAt(ms, 'close', { event_type: 'user', ...params })

describe('evolveParticipant', () => {
  it('starts a session on a join', () => {
    expect(sessionAfter(eventAt(10, 'join', { endpoint_type: 'web' }))).toEqual({
      joined_at: 10,
      start_estimated: false,
      endpoint_type: 'web',
      reconnects: 0,
      end: null,
    })
  })

  it('counts a join during a session as a reconnect, and keeps joined_at', () => {
    expect(sessionAfter(eventAt(10, 'join'), eventAt(20, 'join'))).toMatchObject({
      joined_at: 10,
      reconnects: 1,
      end: null,
    })
    expect(sessionAfter(eventAt(10, 'join'), eventAt(20, 'join'), eventAt(30, 'join'))).toMatchObject({
      joined_at: 10,
      reconnects: 2,
    })
  })

  it.each([
    ['normal', 'normal'],
    ['clientKick', 'client_kick'],
    ['serverkick', 'server_kick'],
    ['offline', 'offline'],
    ['teleported', 'unknown'],
  ])('ends the session on a leave with the reason %s', (sent, reason) => {
    expect(sessionAfter(eventAt(10, 'join'), leaveAt(20, sent))).toMatchObject({
      joined_at: 10,
      end: { at: 20, reason, estimated: false },
    })
  })

  it('ignores a leave without an open session', () => {
    expect(sessionAfter(leaveAt(20, 'normal'))).toBeUndefined()
    expect(sessionAfter(eventAt(10, 'join'), leaveAt(20, 'normal'), leaveAt(30, 'offline'))).toMatchObject({
      end: { at: 20, reason: 'normal' },
    })
    expect(sessionAfter(leaveAt(5, 'normal'), eventAt(10, 'join'))).toMatchObject({ joined_at: 10, end: null })
  })

  it('starts a session with fresh values on a join after a leave', () => {
    const second = sessionAfter(
      eventAt(10, 'join', { endpoint_type: 'web' }),
      eventAt(11, 'join'),
      leaveAt(20, 'normal'),
      eventAt(30, 'join'),
    )
    expect(second).toEqual({ joined_at: 30, start_estimated: false, endpoint_type: null, reconnects: 0, end: null })
  })

  it('ignores events of other users and other rooms', () => {
    const others = [eventAt(20, 'leave', { user_id: 'V' }), eventAt(20, 'leave', { room_id: 'Q' })]
    expect(sessionAfter(eventAt(10, 'join'), ...others)).toMatchObject({ end: null })
  })

  it('merges the user name of an update', () => {
    expect(
      participantAfter(eventAt(10, 'join', { user_name: 'Ann' }), eventAt(20, 'update', { user_name: 'Bo' })),
    ).toMatchObject({
      user_name: 'Bo',
      session: { joined_at: 10, reconnects: 0, end: null },
    })
    expect(participantAfter(eventAt(10, 'join', { user_name: 'Ann' }), eventAt(20, 'update'))).toMatchObject({
      user_name: 'Ann',
    })
    expect(
      participantAfter(eventAt(10, 'join', { user_name: 'Ann' }), eventAt(20, 'update', { user_name: '' })),
    ).toMatchObject({
      user_name: 'Ann',
    })
  })

  it('keeps the user name across a leave and a join without one', () => {
    expect(
      participantAfter(eventAt(10, 'join', { user_name: 'Ann' }), leaveAt(20, 'normal'), eventAt(30, 'join')),
    ).toMatchObject({
      user_name: 'Ann',
    })
  })

  it('does not start a session on an update', () => {
    expect(sessionAfter(eventAt(10, 'update', { user_name: 'Ann' }))).toBeUndefined()
    expect(
      sessionAfter(eventAt(10, 'join'), leaveAt(20, 'normal'), eventAt(30, 'update', { user_name: 'A' })),
    ).toMatchObject({
      end: { at: 20 },
    })
  })
})

describe('applyRoomClose', () => {
  it('ends an open session that started before the close', () => {
    expect(sessionAfter(eventAt(10, 'join'), closeAt(20))).toMatchObject({
      joined_at: 10,
      end: { at: 20, reason: 'room_closed', estimated: false },
    })
  })

  it('keeps the end of a session that ended before the close', () => {
    expect(sessionAfter(eventAt(10, 'join'), leaveAt(15, 'offline'), closeAt(20))).toMatchObject({
      end: { at: 15, reason: 'offline' },
    })
  })

  it('does not end a session that started after the close', () => {
    expect(sessionAfter(closeAt(5), eventAt(10, 'join'))).toMatchObject({ joined_at: 10, end: null })
  })

  it('ends every session with its own close, and a later leave changes nothing', () => {
    expect(sessionAfter(eventAt(10, 'join'), closeAt(20), leaveAt(21, 'normal'))).toMatchObject({
      end: { at: 20, reason: 'room_closed' },
    })
    expect(sessionAfter(eventAt(10, 'join'), closeAt(20), eventAt(30, 'join'), closeAt(40))).toMatchObject({
      joined_at: 30,
      end: { at: 40, reason: 'room_closed' },
    })
  })

  it('ends a session that started after an earlier close', () => {
    expect(sessionAfter(closeAt(5), eventAt(10, 'join'), closeAt(20))).toMatchObject({
      end: { at: 20, reason: 'room_closed' },
    })
  })

  it('ignores closes of other rooms', () => {
    expect(sessionAfter(eventAt(10, 'join'), closeAt(20, { room_id: 'Q' }))).toMatchObject({ end: null })
  })

  it('is applied after a leave of the same millisecond', () => {
    expect(sessionAfter(eventAt(10, 'join'), closeAt(20), leaveAt(20, 'offline'))).toMatchObject({
      end: { at: 20, reason: 'offline' },
    })
  })

  it('creates no participant', () => {
    expect(participantAfter(closeAt(20))).toBeUndefined()
  })
})
