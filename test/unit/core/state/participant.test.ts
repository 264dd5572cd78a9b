import { describe, expect, it } from 'vitest'
import { at, participant, session } from './states.ts'

const leave = (ms: number, event_type: string) => at(ms, 'leave', { event_type })
const close = (ms: number, params = {}) => at(ms, 'close', { event_type: 'user', ...params })

describe('a participant', () => {
  it('begins a session with join', () => {
    expect(session(at(10, 'join', { endpoint_type: 'web' }))).toEqual({
      joined_at: 10,
      start_estimated: false,
      endpoint_type: 'web',
      reconnects: 0,
      end: null,
    })
  })

  it('that joins while in the room adds 1 to reconnects and keeps joined_at', () => {
    expect(session(at(10, 'join'), at(20, 'join'))).toMatchObject({ joined_at: 10, reconnects: 1, end: null })
    expect(session(at(10, 'join'), at(20, 'join'), at(30, 'join'))).toMatchObject({ joined_at: 10, reconnects: 2 })
  })

  it.each([
    ['normal', 'normal'],
    ['clientKick', 'client_kick'],
    ['serverkick', 'server_kick'],
    ['offline', 'offline'],
    ['teleported', 'unknown'],
  ])('ends its session with leave: %s', (sent, reason) => {
    expect(session(at(10, 'join'), leave(20, sent))).toMatchObject({
      joined_at: 10,
      end: { at: 20, reason, estimated: false },
    })
  })

  it('that leaves without a session changes nothing', () => {
    expect(session(leave(20, 'normal'))).toBeUndefined()
    expect(session(at(10, 'join'), leave(20, 'normal'), leave(30, 'offline'))).toMatchObject({
      end: { at: 20, reason: 'normal' },
    })
    expect(session(leave(5, 'normal'), at(10, 'join'))).toMatchObject({ joined_at: 10, end: null })
  })

  it('that joins after leaving begins another session, as if new', () => {
    const again = session(
      at(10, 'join', { endpoint_type: 'web' }),
      at(11, 'join'),
      leave(20, 'offline'),
      at(30, 'join'),
    )
    expect(again).toEqual({ joined_at: 30, start_estimated: false, endpoint_type: null, reconnects: 0, end: null })
  })

  it('is told from others by room and user together', () => {
    const others = [at(20, 'leave', { user_id: 'V' }), at(20, 'leave', { room_id: 'Q' })]
    expect(session(at(10, 'join'), ...others)).toMatchObject({ end: null })
  })

  it('has what update brings merged', () => {
    expect(participant(at(10, 'join', { user_name: 'Ann' }), at(20, 'update', { user_name: 'Bo' }))).toMatchObject({
      user_name: 'Bo',
      session: { joined_at: 10, reconnects: 0, end: null },
    })
    expect(participant(at(10, 'join', { user_name: 'Ann' }), at(20, 'update'))).toMatchObject({ user_name: 'Ann' })
    expect(participant(at(10, 'join', { user_name: 'Ann' }), at(20, 'update', { user_name: '' }))).toMatchObject({
      user_name: 'Ann',
    })
  })

  it('keeps its name over an end and a join that does not tell it', () => {
    expect(participant(at(10, 'join', { user_name: 'Ann' }), leave(20, 'normal'), at(30, 'join'))).toMatchObject({
      user_name: 'Ann',
    })
  })

  it('does not come into the room by an update', () => {
    expect(session(at(10, 'update', { user_name: 'Ann' }))).toBeUndefined()
    expect(session(at(10, 'join'), leave(20, 'normal'), at(30, 'update', { user_name: 'A' }))).toMatchObject({
      end: { at: 20 },
    })
  })
})

describe("a room's close", () => {
  it('ends the sessions that began before it and are still open', () => {
    expect(session(at(10, 'join'), close(20))).toMatchObject({
      joined_at: 10,
      end: { at: 20, reason: 'room_closed', estimated: false },
    })
  })

  it('leaves a session that ended before it alone', () => {
    expect(session(at(10, 'join'), leave(15, 'offline'), close(20))).toMatchObject({
      end: { at: 15, reason: 'offline' },
    })
  })

  it('leaves a session that begins after it alone', () => {
    expect(session(close(5), at(10, 'join'))).toMatchObject({ joined_at: 10, end: null })
  })

  it('ends each of the sessions that reach across one, and the leave that comes after it changes nothing', () => {
    expect(session(at(10, 'join'), close(20), leave(21, 'normal'))).toMatchObject({
      end: { at: 20, reason: 'room_closed' },
    })
    expect(session(at(10, 'join'), close(20), at(30, 'join'), close(40))).toMatchObject({
      joined_at: 30,
      end: { at: 40, reason: 'room_closed' },
    })
  })

  it('counts even where the room was closed already: whoever joined meanwhile is gone too', () => {
    expect(session(close(5), at(10, 'join'), close(20))).toMatchObject({ end: { at: 20, reason: 'room_closed' } })
  })

  it('is of no concern to the people in another room', () => {
    expect(session(at(10, 'join'), close(20, { room_id: 'Q' }))).toMatchObject({ end: null })
  })

  it('in the same millisecond as a leave comes after it', () => {
    expect(session(at(10, 'join'), close(20), leave(20, 'offline'))).toMatchObject({
      end: { at: 20, reason: 'offline' },
    })
  })

  it('makes nobody a participant', () => {
    expect(participant(close(20))).toBeUndefined()
  })
})
