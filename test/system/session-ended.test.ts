import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type QueuedNotification, subscribeQueue } from '../../packages/template-runner/test/support/subscribe-queue.ts'
import { type System, startSystem } from '../support/system.ts'

const room_id = '房间 1'
const profile = { user_name: '王小明', endpoint_type: 'web' }

describe('a room that closes with two people in it, after a third has left', () => {
  let system: System
  let published: QueuedNotification[]
  let sessions: { user_id: string; left_at: string }[]

  beforeAll(async () => {
    system = await startSystem()
    // As in examples/attendance.
    const receive = await subscribeQueue(system.run, system.run.outputs.RoomEventTopicArn, {
      event: ['leave', 'session_ended'],
    })
    const send = async (...all: Record<string, string>[]) => {
      for (const params of all) await system.callback({ room_id, ...params })
      await system.settle()
    }
    const joins = ['a', 'b', 'c'].map((user_id) => ({
      event: 'join',
      user_id,
      trace_id: `join ${user_id}`,
      ...profile,
    }))
    await send({ event: 'open', trace_id: 'open' }, ...joins)
    await send({ event: 'leave', user_id: 'c', event_type: 'normal', trace_id: 'leave' })
    const close = { event: 'close', event_type: 'user', trace_id: 'close' }
    await send(close)
    // The platform repeats the close.
    await send(close)
    published = (await receive()).sort((one, other) => compare(userIdOf(one), userIdOf(other)))
    const { body } = await system.query(`/api/rooms/${encodeURIComponent(room_id)}/sessions`)
    sessions = (body as { items: typeof sessions }).items.sort((one, other) => compare(one.user_id, other.user_id))
  })
  afterAll(async () => {
    await system.run.stop()
    expect(system.run.denials).toEqual([])
  })

  it('publishes session_ended exactly once for each of the two, and only a leave for the third', () => {
    expect(published.map((notification) => [userIdOf(notification), notification.payload.event])).toEqual([
      ['a', 'session_ended'],
      ['b', 'session_ended'],
      ['c', 'leave'],
    ])
    expect(new Set(published.map(({ payload }) => payload.id)).size).toBe(3)
  })

  it('publishes session_ended with the trace_id of the close, its own id and the session', () => {
    const [session] = sessions
    expect(published[0]?.payload).toEqual({
      id: expect.stringMatching(/^[\w-]{22}$/),
      trace_id: 'close',
      event: 'session_ended',
      received_at: session?.left_at,
      source: 'callback',
      room_id,
      params: { event: 'session_ended', room_id, user_id: 'a' },
      session: {
        ...profile,
        user_id: 'a',
        joined_at: expect.stringMatching(/^\d{4}-.*Z$/),
        left_at: session?.left_at,
        seconds: expect.any(Number),
        leave_reason: 'room_closed',
        reconnects: 0,
        estimated: false,
      },
    })
    expect(published[0]?.attributes).toEqual({ event: 'session_ended', room_id, source: 'callback' })
  })

  it('publishes the same sessions as the query API lists', () => {
    expect(published.map(({ payload }) => payload.session)).toEqual(sessions)
    expect(sessions).toHaveLength(3)
  })
})

function userIdOf({ payload }: QueuedNotification): string {
  return String((payload.params as Record<string, string>).user_id)
}

function compare(one: string, other: string): number {
  return one < other ? -1 : 1
}
