import { describe, expect, it } from 'vitest'
import { at, estimated, participant, room, session, streams } from './states.ts'

const leave = (ms: number, event_type = 'normal') => at(ms, 'leave', { event_type })
const close = (ms: number, event_type = 'user') => at(ms, 'close', { event_type })

describe('an estimate about a room', () => {
  it('opens it, estimated', () => {
    expect(room(estimated(10, 'open'))).toMatchObject({ status: 'open', opened_at: 10, opening_estimated: true })
  })

  it('closes it, estimated, with the reason reconciled', () => {
    expect(room(at(10, 'open'), estimated(30, 'close'))).toMatchObject({
      status: 'closed',
      closed_at: 30,
      close_reason: 'reconciled',
      opening_estimated: false,
      closing_estimated: true,
    })
  })

  it('that it is open only confirms an open room', () => {
    expect(room(at(10, 'open'), estimated(20, 'open'))).toMatchObject({
      opened_at: 10,
      reopened: 0,
      opening_estimated: false,
    })
    expect(room(estimated(10, 'open'), estimated(20, 'open'))).toMatchObject({ opened_at: 10, reopened: 0 })
  })

  it.each([
    ['later', 20],
    ['earlier', 5],
  ])('that it is open gives way to a genuine open of the same session, received %s', (_, ms) => {
    expect(room(estimated(10, 'open'), at(ms, 'open'))).toMatchObject({
      status: 'open',
      opened_at: ms,
      reopened: 0,
      opening_estimated: false,
    })
  })

  it('that gave way once does not swallow the next open: that is a reopening', () => {
    expect(room(estimated(10, 'open'), at(20, 'open'), at(30, 'open'))).toMatchObject({ opened_at: 20, reopened: 1 })
  })

  it.each([
    ['later', 40],
    ['earlier', 20],
  ])('that it is closed gives way to a genuine close, received %s', (_, ms) => {
    expect(room(at(10, 'open'), estimated(30, 'close'), close(ms))).toMatchObject({
      status: 'closed',
      closed_at: ms,
      close_reason: 'user',
      closing_estimated: false,
    })
  })

  it('does not take a genuine close back', () => {
    expect(room(at(10, 'open'), close(20), estimated(30, 'close'), estimated(40, 'close'))).toMatchObject({
      closed_at: 20,
      close_reason: 'user',
      closing_estimated: false,
    })
  })

  it('that it is closed ends with the next open: a new session', () => {
    expect(room(at(10, 'open'), estimated(30, 'close'), at(40, 'open'))).toMatchObject({
      status: 'open',
      opened_at: 40,
      closed_at: null,
      closing_estimated: false,
    })
  })
})

describe('an estimate about a participant', () => {
  it('begins a session, estimated', () => {
    expect(session(estimated(10, 'join'))).toMatchObject({ joined_at: 10, start_estimated: true, end: null })
  })

  it('ends a session, estimated, with the reason reconciled', () => {
    expect(session(at(10, 'join'), estimated(30, 'leave'))).toMatchObject({
      start_estimated: false,
      end: { at: 30, reason: 'reconciled', estimated: true },
    })
  })

  it('that somebody is there only confirms it: no reconnect', () => {
    expect(session(at(10, 'join'), estimated(20, 'join'))).toMatchObject({
      joined_at: 10,
      reconnects: 0,
      start_estimated: false,
    })
    expect(session(estimated(10, 'join'), estimated(20, 'join'))).toMatchObject({ joined_at: 10, reconnects: 0 })
  })

  it.each([
    ['later', 20],
    ['earlier', 5],
  ])('that somebody is there gives way to a genuine join of the same session, received %s', (_, ms) => {
    expect(session(estimated(10, 'join'), at(ms, 'join'))).toMatchObject({
      joined_at: ms,
      reconnects: 0,
      start_estimated: false,
      end: null,
    })
  })

  it('that gave way once does not swallow the next join: that is a reconnect', () => {
    expect(session(estimated(10, 'join'), at(20, 'join'), at(30, 'join'))).toMatchObject({
      joined_at: 20,
      reconnects: 1,
    })
  })

  it.each([
    ['later', 40],
    ['earlier', 20],
  ])('that somebody is gone gives way to a genuine leave, received %s', (_, ms) => {
    expect(session(at(10, 'join'), estimated(30, 'leave'), leave(ms, 'offline'))).toMatchObject({
      joined_at: 10,
      end: { at: ms, reason: 'offline', estimated: false },
    })
  })

  it('does not take a genuine leave back', () => {
    expect(session(at(10, 'join'), leave(20), estimated(30, 'leave'))).toMatchObject({
      end: { at: 20, reason: 'normal', estimated: false },
    })
  })

  it('that somebody is gone is not moved by another one', () => {
    expect(session(at(10, 'join'), estimated(30, 'leave'), estimated(40, 'leave'))).toMatchObject({ end: { at: 30 } })
  })

  it('that somebody is gone ends with a genuine join: a new session, and its leave is its own', () => {
    const returned = [at(10, 'join'), estimated(30, 'leave'), at(40, 'join')]
    expect(session(...returned)).toMatchObject({ joined_at: 40, end: null })
    expect(session(...returned, leave(50))).toMatchObject({ joined_at: 40, end: { at: 50, estimated: false } })
  })

  it('ends what the person sends', () => {
    const publish = at(20, 'publish', { stream_id: 'S', stream_type: 'audio' })
    expect(streams(at(10, 'join'), publish, estimated(30, 'leave'))).toEqual([])
    expect(streams(estimated(10, 'join'), publish)).toEqual(['S'])
  })

  it('that somebody is gone gives way to media that they switch on after it in the same session', () => {
    const publish = at(40, 'publish', { stream_id: 'S', stream_type: 'audio' })
    const person = participant(at(10, 'join'), estimated(30, 'leave'), publish)
    expect(person).toMatchObject({ session: { joined_at: 10, end: null }, streams: [{ stream_id: 'S' }] })
  })
})

describe('an estimated close of the room', () => {
  const before = [at(10, 'join'), estimated(30, 'close')]

  it('ends its sessions as an estimate', () => {
    expect(session(...before)).toMatchObject({ end: { at: 30, reason: 'room_closed', estimated: true } })
  })

  it.each([
    ['later', 40],
    ['earlier', 20],
  ])('gives way, for its sessions too, to a genuine close, received %s', (_, ms) => {
    expect(session(...before, close(ms))).toMatchObject({ end: { at: ms, reason: 'room_closed', estimated: false } })
  })

  it.each([
    ['later', 40],
    ['earlier', 20],
  ])('gives way to a genuine leave, received %s', (_, ms) => {
    expect(session(...before, leave(ms))).toMatchObject({ end: { at: ms, reason: 'normal', estimated: false } })
  })

  it('does not end again what a genuine leave or close has ended', () => {
    expect(session(at(10, 'join'), leave(20), estimated(30, 'close'))).toMatchObject({ end: { at: 20 } })
    expect(session(at(10, 'join'), close(20), estimated(30, 'close'))).toMatchObject({
      end: { at: 20, estimated: false },
    })
  })

  it('does not correct a leave that was estimated before it', () => {
    expect(session(at(10, 'join'), estimated(25, 'leave'), estimated(30, 'close'))).toMatchObject({
      end: { at: 25, reason: 'reconciled', estimated: true },
    })
  })
})

describe('a callback that calls itself reconciled', () => {
  it.each(['leave', 'close'])('is no estimate of ours: its %s counts, for a reason that is not known', (name) => {
    const claim = at(30, name, { event_type: 'reconciled' })
    const person = participant(at(10, 'join'), claim)
    expect(person).toMatchObject({
      session: { end: { at: 30, reason: name === 'leave' ? 'unknown' : 'room_closed', estimated: false } },
    })
    if (name === 'close') expect(room(claim)).toMatchObject({ close_reason: 'unknown', closing_estimated: false })
  })
})
