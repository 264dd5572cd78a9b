import { describe, expect, it } from 'vitest'
import { correctionAt, eventAt, participantAfter, roomAfter, sessionAfter, streamsAfter } from './states.ts'

const leaveAt = (ms: number, event_type = 'normal') => eventAt(ms, 'leave', { event_type })
const closeAt = (ms: number, event_type = 'user') => eventAt(ms, 'close', { event_type })

describe('a correction of a room', () => {
  it('opens a room and marks the opening as estimated', () => {
    expect(roomAfter(correctionAt(10, 'open'))).toMatchObject({
      status: 'open',
      opened_at: 10,
      opening_estimated: true,
    })
  })

  it('closes a room with the reason reconciled and marks the closing as estimated', () => {
    expect(roomAfter(eventAt(10, 'open'), correctionAt(30, 'close'))).toMatchObject({
      status: 'closed',
      closed_at: 30,
      close_reason: 'reconciled',
      opening_estimated: false,
      closing_estimated: true,
    })
  })

  it('does not change an open room if it is an open', () => {
    expect(roomAfter(eventAt(10, 'open'), correctionAt(20, 'open'))).toMatchObject({
      opened_at: 10,
      reopened: 0,
      opening_estimated: false,
    })
    expect(roomAfter(correctionAt(10, 'open'), correctionAt(20, 'open'))).toMatchObject({ opened_at: 10, reopened: 0 })
  })

  it.each([
    ['later', 20],
    ['earlier', 5],
  ])('is replaced by a genuine open received %s', (_, ms) => {
    expect(roomAfter(correctionAt(10, 'open'), eventAt(ms, 'open'))).toMatchObject({
      status: 'open',
      opened_at: ms,
      reopened: 0,
      opening_estimated: false,
    })
  })

  it('is replaced only once: the next open counts as reopened', () => {
    expect(roomAfter(correctionAt(10, 'open'), eventAt(20, 'open'), eventAt(30, 'open'))).toMatchObject({
      opened_at: 20,
      reopened: 1,
    })
  })

  it.each([
    ['later', 40],
    ['earlier', 20],
  ])('is replaced by a genuine close received %s', (_, ms) => {
    expect(roomAfter(eventAt(10, 'open'), correctionAt(30, 'close'), closeAt(ms))).toMatchObject({
      status: 'closed',
      closed_at: ms,
      close_reason: 'user',
      closing_estimated: false,
    })
  })

  it('does not replace a genuine close', () => {
    expect(
      roomAfter(eventAt(10, 'open'), closeAt(20), correctionAt(30, 'close'), correctionAt(40, 'close')),
    ).toMatchObject({
      closed_at: 20,
      close_reason: 'user',
      closing_estimated: false,
    })
  })

  it('does not prevent a later open from opening the room again', () => {
    const later = 30 + 31 * 60_000
    expect(roomAfter(eventAt(10, 'open'), correctionAt(30, 'close'), eventAt(later, 'open'))).toMatchObject({
      status: 'open',
      opened_at: later,
      closed_at: null,
      closing_estimated: false,
    })
  })
})

describe('a correction of a participant', () => {
  it('starts a session and marks the start as estimated', () => {
    expect(sessionAfter(correctionAt(10, 'join'))).toMatchObject({ joined_at: 10, start_estimated: true, end: null })
  })

  it('ends a session with the reason reconciled and marks the end as estimated', () => {
    expect(sessionAfter(eventAt(10, 'join'), correctionAt(30, 'leave'))).toMatchObject({
      start_estimated: false,
      end: { at: 30, reason: 'reconciled', estimated: true },
    })
  })

  it('does not change an open session if it is a join', () => {
    expect(sessionAfter(eventAt(10, 'join'), correctionAt(20, 'join'))).toMatchObject({
      joined_at: 10,
      reconnects: 0,
      start_estimated: false,
    })
    expect(sessionAfter(correctionAt(10, 'join'), correctionAt(20, 'join'))).toMatchObject({
      joined_at: 10,
      reconnects: 0,
    })
  })

  it.each([
    ['later', 20],
    ['earlier', 5],
  ])('is replaced by a genuine join received %s', (_, ms) => {
    expect(sessionAfter(correctionAt(10, 'join'), eventAt(ms, 'join'))).toMatchObject({
      joined_at: ms,
      reconnects: 0,
      start_estimated: false,
      end: null,
    })
  })

  it('is replaced only once: the next join counts as a reconnect', () => {
    expect(sessionAfter(correctionAt(10, 'join'), eventAt(20, 'join'), eventAt(30, 'join'))).toMatchObject({
      joined_at: 20,
      reconnects: 1,
    })
  })

  it.each([
    ['later', 40],
    ['earlier', 20],
  ])('is replaced by a genuine leave received %s', (_, ms) => {
    expect(sessionAfter(eventAt(10, 'join'), correctionAt(30, 'leave'), leaveAt(ms, 'offline'))).toMatchObject({
      joined_at: 10,
      end: { at: ms, reason: 'offline', estimated: false },
    })
  })

  it('does not replace a genuine leave', () => {
    expect(sessionAfter(eventAt(10, 'join'), leaveAt(20), correctionAt(30, 'leave'))).toMatchObject({
      end: { at: 20, reason: 'normal', estimated: false },
    })
  })

  it('is not replaced by another correction', () => {
    expect(sessionAfter(eventAt(10, 'join'), correctionAt(30, 'leave'), correctionAt(40, 'leave'))).toMatchObject({
      end: { at: 30 },
    })
  })

  it('does not prevent a later join from starting a new session with its own end', () => {
    const returned = [eventAt(10, 'join'), correctionAt(30, 'leave'), eventAt(40, 'join')]
    expect(sessionAfter(...returned)).toMatchObject({ joined_at: 40, end: null })
    expect(sessionAfter(...returned, leaveAt(50))).toMatchObject({ joined_at: 40, end: { at: 50, estimated: false } })
  })

  it('ends the streams with the session', () => {
    const publish = eventAt(20, 'publish', { stream_id: 'S', stream_type: 'audio' })
    expect(streamsAfter(eventAt(10, 'join'), publish, correctionAt(30, 'leave'))).toEqual([])
    expect(streamsAfter(correctionAt(10, 'join'), publish)).toEqual(['S'])
  })

  it('is voided by a later publish in the same session', () => {
    const publish = eventAt(40, 'publish', { stream_id: 'S', stream_type: 'audio' })
    const state = participantAfter(eventAt(10, 'join'), correctionAt(30, 'leave'), publish)
    expect(state).toMatchObject({ session: { joined_at: 10, end: null }, streams: [{ stream_id: 'S' }] })
  })
})

describe('an estimated close of a room', () => {
  const estimatedEnd = [eventAt(10, 'join'), correctionAt(30, 'close')]

  it('ends the sessions in the room and marks their ends as estimated', () => {
    expect(sessionAfter(...estimatedEnd)).toMatchObject({ end: { at: 30, reason: 'room_closed', estimated: true } })
  })

  it.each([
    ['later', 40],
    ['earlier', 20],
  ])('is replaced by a genuine close received %s, also as the end of sessions', (_, ms) => {
    expect(sessionAfter(...estimatedEnd, closeAt(ms))).toMatchObject({
      end: { at: ms, reason: 'room_closed', estimated: false },
    })
  })

  it.each([
    ['later', 40],
    ['earlier', 20],
  ])('is replaced by a genuine leave received %s', (_, ms) => {
    expect(sessionAfter(...estimatedEnd, leaveAt(ms))).toMatchObject({
      end: { at: ms, reason: 'normal', estimated: false },
    })
  })

  it('does not change a session that a genuine leave or close has ended', () => {
    expect(sessionAfter(eventAt(10, 'join'), leaveAt(20), correctionAt(30, 'close'))).toMatchObject({ end: { at: 20 } })
    expect(sessionAfter(eventAt(10, 'join'), closeAt(20), correctionAt(30, 'close'))).toMatchObject({
      end: { at: 20, estimated: false },
    })
  })

  it('does not replace an earlier estimated leave', () => {
    expect(sessionAfter(eventAt(10, 'join'), correctionAt(25, 'leave'), correctionAt(30, 'close'))).toMatchObject({
      end: { at: 25, reason: 'reconciled', estimated: true },
    })
  })
})

describe('a callback with the event_type reconciled', () => {
  it.each(['leave', 'close'])('counts as a genuine %s with an unknown reason', (name) => {
    const callback = eventAt(30, name, { event_type: 'reconciled' })
    const state = participantAfter(eventAt(10, 'join'), callback)
    expect(state).toMatchObject({
      session: { end: { at: 30, reason: name === 'leave' ? 'unknown' : 'room_closed', estimated: false } },
    })
    if (name === 'close')
      expect(roomAfter(callback)).toMatchObject({ close_reason: 'unknown', closing_estimated: false })
  })
})
