import { describe, expect, it } from 'vitest'
import { toleranceMs } from '../../../../core/state/connections.ts'
import { eventAt, participantAfter, sessionAfter, streamsAfter, subscriptionsAfter } from './states.ts'

const second = 1000
const joinAt = (ms: number, endpoint_type = 'web') => eventAt(ms, 'join', { endpoint_type })
const leaveAt = (ms: number, event_type: string, params = {}) => eventAt(ms, 'leave', { event_type, ...params })
const publishAt = (ms: number, stream_id = 'S') => eventAt(ms, 'publish', { stream_id, stream_type: 'audio' })
const subAt = (ms: number, stream_id = 'S') => eventAt(ms, 'sub', { stream_id, stream_type: 'audio' })

/** A session with a second connection, which begins at 100 s. */
const reconnected = [joinAt(0, 'web'), joinAt(100 * second, 'ios')]
const newConnectionAt = 100 * second

describe('a new connection', () => {
  it('continues the session, counts as a reconnect, and sets the endpoint type', () => {
    expect(sessionAfter(...reconnected)).toMatchObject({ joined_at: 0, reconnects: 1, endpoint_type: 'ios', end: null })
  })

  it('ends the media of the older connection', () => {
    const media = [joinAt(0), publishAt(second, 'old'), subAt(second, 'old'), joinAt(newConnectionAt)]
    expect(streamsAfter(...media)).toEqual([])
    expect(subscriptionsAfter(...media)).toEqual([])
  })

  it('keeps media that began within the tolerance before it', () => {
    const began = newConnectionAt - toleranceMs
    const media = [joinAt(0), publishAt(began - 1, 'old'), publishAt(began, 'new'), subAt(began, 'new')]
    expect(streamsAfter(...media, joinAt(newConnectionAt))).toEqual(['new'])
    expect(subscriptionsAfter(...media, joinAt(newConnectionAt))).toEqual(['new'])
  })
})

describe('a client_kick', () => {
  it('within 10 s after a new connection ends the older one, once', () => {
    const kick = leaveAt(newConnectionAt + 10 * second, 'clientKick', { endpoint_type: 'web' })
    expect(sessionAfter(...reconnected, kick)).toMatchObject({ end: null, endpoint_type: 'ios' })
    const secondKick = leaveAt(newConnectionAt + 10 * second, 'clientKick')
    expect(sessionAfter(...reconnected, kick, secondKick)?.end).toMatchObject({ reason: 'client_kick' })
  })

  it('later than 10 s after a new connection ends the session', () => {
    expect(sessionAfter(...reconnected, leaveAt(newConnectionAt + 10 * second + 1, 'clientKick'))?.end).not.toBeNull()
  })

  it('without a second connection ends the session', () => {
    expect(sessionAfter(joinAt(0), leaveAt(second, 'clientKick'))?.end).toMatchObject({ reason: 'client_kick' })
  })

  it('is absorbed by each new connection', () => {
    const third = joinAt(newConnectionAt + 2 * second)
    const kicks = [second, 3 * second].map((ms) => leaveAt(newConnectionAt + ms, 'clientKick'))
    expect(sessionAfter(...reconnected, third, ...kicks)).toMatchObject({ reconnects: 2, end: null })
  })

  it('within the tolerance before a join continues the session with the media that began just before', () => {
    const kickAt = newConnectionAt
    const events = [
      joinAt(0),
      publishAt(second, 'old'),
      publishAt(kickAt - second, 'new'),
      leaveAt(kickAt, 'clientKick'),
    ]
    const continued = [...events, joinAt(kickAt + second, 'ios')]
    expect(sessionAfter(...continued)).toMatchObject({ joined_at: 0, reconnects: 1, endpoint_type: 'ios', end: null })
    expect(streamsAfter(...continued)).toEqual(['new'])
  })

  it('earlier than the tolerance before a join ends the session', () => {
    const kick = leaveAt(second, 'clientKick')
    expect(sessionAfter(joinAt(0), kick, joinAt(second + toleranceMs))).toMatchObject({ joined_at: 0, reconnects: 1 })
    const late = second + toleranceMs + 1
    expect(sessionAfter(joinAt(0), kick, joinAt(late))).toMatchObject({ joined_at: late, reconnects: 0 })
  })

  it('before a join is final if the room closes in between', () => {
    const close = eventAt(2 * second, 'close', { event_type: 'auto' })
    expect(sessionAfter(joinAt(0), leaveAt(second, 'clientKick'), close, joinAt(3 * second))).toMatchObject({
      joined_at: 3 * second,
      reconnects: 0,
    })
  })
})

describe('an offline', () => {
  it('within 60 s after a new connection is the heartbeat timeout of the older one', () => {
    expect(sessionAfter(...reconnected, leaveAt(newConnectionAt + 60 * second, 'offline'))?.end).toBeNull()
    expect(sessionAfter(...reconnected, leaveAt(newConnectionAt + 60 * second + 1, 'offline'))?.end).not.toBeNull()
  })

  it('without a second connection ends the session', () => {
    expect(sessionAfter(joinAt(0), leaveAt(second, 'offline'))?.end).toMatchObject({ reason: 'offline' })
  })
})

describe('any leave right after a new connection', () => {
  const leave = leaveAt(newConnectionAt + second, 'normal')

  it('ends the session if no media follow', () => {
    expect(sessionAfter(...reconnected, leave)?.end).toMatchObject({ reason: 'normal' })
  })

  it.each([
    ['publish', publishAt],
    ['sub', subAt],
  ])("was the older connection's if a %s follows within the tolerance", (_, mediumAt) => {
    const events = [...reconnected, publishAt(newConnectionAt + 500, 'held'), leave]
    expect(sessionAfter(...events, mediumAt(newConnectionAt + second + toleranceMs))?.end).toBeNull()
    expect(streamsAfter(...events, mediumAt(newConnectionAt + second + toleranceMs))).toContain('held')
    const late = newConnectionAt + second + toleranceMs + 1
    expect(sessionAfter(...events, mediumAt(late))).toMatchObject({ joined_at: late, start_estimated: true })
  })

  it("does not set the endpoint type, which may be the older connection's", () => {
    const olderLeave = leaveAt(newConnectionAt + second, 'normal', { endpoint_type: 'web' })
    const events = [...reconnected, olderLeave, publishAt(newConnectionAt + 2 * second)]
    expect(sessionAfter(...events)).toMatchObject({ endpoint_type: 'ios', end: null })
  })

  it('ends the session, whatever media follow, if it came later than the tolerance', () => {
    const late = newConnectionAt + toleranceMs + 1
    expect(sessionAfter(...reconnected, leaveAt(late, 'normal'), publishAt(late + 1))?.end).not.toBeNull()
  })

  it('ends the session, whatever media follow, if the room closes in between', () => {
    const close = eventAt(newConnectionAt + 2 * second, 'close', { event_type: 'auto' })
    expect(sessionAfter(...reconnected, leave, close, publishAt(newConnectionAt + 3 * second))?.end).not.toBeNull()
  })

  it('leaves no trace in the next session', () => {
    const next = participantAfter(...reconnected, leave, joinAt(200 * second))
    expect(next).not.toHaveProperty('connection')
    expect(next).not.toHaveProperty('undecided_ends')
  })
})
