import { describe, expect, it } from 'vitest'
import type { EventLog } from '../../../../core/ports/event-log.ts'
import type { RoomEventMessage } from '../../../../core/ports/topics.ts'
import { event } from '../../../support/events.ts'
import { verifySessionEnds } from '../../../support/session-ends.ts'
import { bodiesOf, publishUntilDone, setUpPublishing } from '../../../support/topics.ts'

const joinOf = (user_id: string, at = 1000) => event('join', { user_id, user_name: `name of ${user_id}` }, { at })
const close = event('close', { event_type: 'user' }, { at: 61_000, trace: 'close' })

function sessionsEnded(messages: readonly RoomEventMessage[]) {
  return bodiesOf(messages).filter((body) => body.event === 'session_ended')
}

/** The user, and the seconds of the session, of each `session_ended`. */
function lengths(messages: readonly RoomEventMessage[]) {
  return sessionsEnded(messages)
    .map(({ params, session }) => [params.user_id, session?.seconds])
    .sort()
}

describe('publishApplied with a close of a room', () => {
  it('publishes session_ended for each session that the close ended', async () => {
    const { sent, deliver } = setUpPublishing()
    await deliver(joinOf('left'), event('leave', { user_id: 'left', event_type: 'normal' }, { at: 2000 }))
    await deliver(joinOf('a'), joinOf('b'))
    sent.roomEvents.length = 0
    await deliver(close)
    expect(lengths(sent.roomEvents)).toEqual([
      ['a', 60],
      ['b', 60],
    ])
    const { body, room_id } = sent.roomEvents.find((message) => message.body.params.user_id === 'a') ?? {}
    expect(room_id).toBe('R')
    expect(body).toEqual({
      id: expect.stringMatching(/^[\w-]{22}$/),
      trace_id: 'close',
      event: 'session_ended',
      received_at: '1970-01-01T00:01:01.000Z',
      source: 'callback',
      room_id: 'R',
      params: { event: 'session_ended', room_id: 'R', user_id: 'a' },
      session: {
        user_id: 'a',
        user_name: 'name of a',
        joined_at: '1970-01-01T00:00:01.000Z',
        left_at: '1970-01-01T00:01:01.000Z',
        seconds: 60,
        leave_reason: 'room_closed',
        endpoint_type: null,
        reconnects: 0,
        estimated: false,
      },
    })
    expect(new Set(bodiesOf(sent.roomEvents).map(({ id }) => id)).size).toBe(3)
  })

  it('publishes the same ids again if the close is redelivered, also for someone who has come again', async () => {
    const { sent, deliver } = setUpPublishing()
    await deliver(joinOf('a'), joinOf('b'))
    await deliver(close)
    await deliver(event('open', {}, { at: 70_000 }), joinOf('b', 70_001))
    const first = sessionsEnded(sent.roomEvents)
    sent.roomEvents.length = 0
    await deliver({ ...close })
    expect(sessionsEnded(sent.roomEvents).sort(compareIds)).toEqual(first.sort(compareIds))
  })

  it('publishes nothing again for a duplicate from the platform', async () => {
    const { sent, deliver } = setUpPublishing()
    await deliver(joinOf('a'))
    await deliver(close)
    await deliver({ ...close, received_at: 62_000 })
    expect(lengths(sent.roomEvents)).toEqual([['a', 60]])
  })

  it('publishes the session of someone whose join arrives after the close, also if the join is redelivered', async () => {
    const { sent, deliver } = setUpPublishing()
    const late = joinOf('late')
    await deliver(close)
    await deliver(late)
    await deliver({ ...late })
    expect(lengths(sent.roomEvents)).toEqual([
      ['late', 60],
      ['late', 60],
    ])
  })

  it('publishes the session again, with the same id, if a late event changes it', async () => {
    const { sent, deliver } = setUpPublishing()
    await deliver(joinOf('a'))
    await deliver(close)
    await deliver(joinOf('a', 31_000), event('update', { user_id: 'a', user_name: 'new' }, { at: 40_000 }))
    await deliver(event('leave', { user_id: 'a', event_type: 'normal' }, { at: 51_000 }))
    const ended = sessionsEnded(sent.roomEvents)
    expect(ended.map(({ session }) => session && [session.user_name, session.reconnects])).toEqual([
      ['name of a', 0],
      ['new', 1],
      null,
    ])
    expect(new Set(ended.map(({ id }) => id)).size).toBe(1)
    expect(ended.at(-1)?.received_at).toBe('1970-01-01T00:01:01.000Z')
  })

  it('withdraws the session of a later close, and of a leave, if a late close ended it', async () => {
    const { sent, deliver } = setUpPublishing()
    await deliver(joinOf('a'), joinOf('b'))
    await deliver(event('leave', { user_id: 'b', event_type: 'normal' }, { at: 50_000, trace: 'leave' }), close)
    sent.roomEvents.length = 0
    await deliver(event('close', { event_type: 'user' }, { at: 31_000, trace: 'late' }))
    const ends = bodiesOf(sent.roomEvents).filter(({ session }) => session !== undefined)
    expect(ends.map(({ trace_id, params, session }) => [trace_id, params.user_id, session?.seconds]).sort()).toEqual([
      ['close', 'a', undefined],
      ['late', 'a', 30],
      ['late', 'b', 30],
      ['leave', 'b', undefined],
    ])
  })

  it('publishes the leave that ends the session after the close was replaced by an open', async () => {
    const { sent, deliver } = setUpPublishing()
    const leave = event('leave', { user_id: 'a', event_type: 'normal' }, { at: 71_000 })
    await deliver(joinOf('a'))
    await deliver(close)
    await deliver(leave)
    await deliver(event('open', {}, { at: 500, trace: 'close' }))
    const lengthsOfLeaves = bodiesOf(sent.roomEvents).flatMap(({ event: name, session }) =>
      name === 'leave' ? [session?.seconds] : [],
    )
    expect(lengthsOfLeaves).toEqual([undefined, 70])
  })

  it('publishes estimated sessions with the close of a sweep, and again with the genuine close', async () => {
    const { sent, deliver } = setUpPublishing()
    await deliver(joinOf('a'))
    await deliver(event('close', { event_type: 'reconciled' }, { at: 61_000, source: 'reconcile' }))
    await deliver(event('close', { event_type: 'user' }, { at: 91_000 }))
    const facts = sessionsEnded(sent.roomEvents).map(({ source, session }) => [
      source,
      session?.seconds,
      session?.estimated,
    ])
    expect(facts).toEqual([
      ['reconcile', 60, true],
      ['callback', 90, false],
    ])
  })

  it('attributes a session to the first of two closes in the same millisecond', async () => {
    const { sent, deliver } = setUpPublishing()
    await deliver(joinOf('a'))
    await deliver(event('close', {}, { at: 61_000, trace: 'x' }), event('close', {}, { at: 61_000, trace: 'y' }))
    expect(sessionsEnded(sent.roomEvents).map(({ trace_id }) => trace_id)).toEqual(['x'])
    await deliver(event('close', {}, { at: 61_000, trace: 'z' }))
    expect(sessionsEnded(sent.roomEvents)).toHaveLength(1)
  })

  it('retries the close until each of its sessions is published', async () => {
    const { sent, dependencies, deliver } = setUpPublishing()
    await deliver(joinOf('a'), joinOf('b'))
    const rejected = new Set<string>()
    const roomEvents = {
      publish: async (messages: readonly RoomEventMessage[]) => {
        const failed = messages.filter(({ body }) => body.event === 'session_ended' && !rejected.has(body.id))
        for (const { body } of failed.slice(0, 1)) rejected.add(body.id)
        await dependencies.roomEvents.publish(messages.filter((message) => message !== failed[0]))
        return new Map(failed.slice(0, 1).map((message) => [message, new Error('SNS is down')]))
      },
    }
    expect(await publishUntilDone({ ...dependencies, roomEvents }, [{ ...close }])).toBe(3)
    expect(new Set(lengths(sent.roomEvents).map(([user]) => user))).toEqual(new Set(['a', 'b']))
  })

  it('reads no history to publish the sessions of a large room', async () => {
    const { sent, dependencies, deliver } = setUpPublishing()
    await deliver(...Array.from({ length: 1000 }, (_, index) => joinOf(`user ${index}`)))
    const visited = new Set<string>()
    const visit: EventLog['visit'] = (aggregate, ...rest) => {
      visited.add(aggregate.kind)
      return dependencies.log.visit(aggregate, ...rest)
    }
    await publishUntilDone({ ...dependencies, log: { ...dependencies.log, visit } }, [close])
    expect(sessionsEnded(sent.roomEvents)).toHaveLength(1000)
    expect([...visited]).toEqual(['room'])
  })
})

function compareIds(one: { id: string }, other: { id: string }): number {
  return one.id < other.id ? -1 : 1
}

describe('publishApplied', () => {
  it(
    'publishes the session of each leave and close as in the fold, for any order, batches and duplicates',
    () => verifySessionEnds(400, false),
    60_000,
  )

  it(
    'publishes each session if calls of stores and topics fail, and messages are redelivered',
    () => verifySessionEnds(200, true),
    60_000,
  )
})
