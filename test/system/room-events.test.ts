import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type QueuedNotification, subscribeQueue } from '../../packages/template-runner/test/support/subscribe-queue.ts'
import { type System, startSystem } from '../support/system.ts'

let system: System
const subscribe = (filterPolicy?: object) =>
  subscribeQueue(system.run, system.run.outputs.RoomEventTopicArn, filterPolicy)

beforeEach(async () => {
  system = await startSystem()
})
afterEach(async () => {
  await system.run.stop()
  expect(system.run.denials).toEqual([])
})

const user = { room_id: '房间 1', user_id: 'U', endpoint_type: 'web', user_name: '王小明' }
const lifeCycle = [
  { event: 'open', room_id: user.room_id },
  { event: 'join', ...user, event_type: 'normal' },
  { event: 'publish', ...user, stream_id: 'S', stream_type: 'video', resolution: '720p' },
  { event: 'leave', ...user, event_type: 'offline', token: 'S3CRET' },
  { event: 'close', room_id: user.room_id, event_type: 'auto' },
]

/** Sends the life cycle of a room and waits until it is applied. */
async function sendLifeCycle(room_id = user.room_id): Promise<void> {
  for (const [index, params] of lifeCycle.entries()) {
    await system.callback({ ...params, room_id, trace_id: `${room_id}-${index}` })
  }
  await system.settle()
}

describe('the room event topic', () => {
  it('receives every applied event as recorded in the log, and the session with a leave', async () => {
    const events = await subscribe()
    await sendLifeCycle()
    const { body } = await system.query(`/api/events?room_id=${encodeURIComponent(user.room_id)}`)
    const logged = (body as { items: Record<string, unknown>[] }).items
    // Delivery is at least once: a leave that was applied before its join is published again with its session.
    const published = dedupeById(await events())
    expect(published.map(({ payload: { id: _, session: __, ...record } }) => record)).toEqual(logged)
    expect(published.map(({ attributes }) => attributes)).toEqual(
      lifeCycle.map(({ event }) => ({ event, room_id: user.room_id, source: 'callback' })),
    )
    expect(JSON.stringify(published)).not.toContain('S3CRET')
    const [, , , leave] = published
    expect(leave?.payload.session).toEqual({
      user_id: 'U',
      user_name: '王小明',
      joined_at: logged[1]?.received_at,
      left_at: logged[3]?.received_at,
      seconds: expect.any(Number),
      leave_reason: 'offline',
      endpoint_type: 'web',
      reconnects: 0,
      estimated: false,
    })
    expect(published.filter(({ payload }) => 'session' in payload)).toEqual([leave])
  })

  it('supports subscriptions filtered by event, room and source', async () => {
    const joins = await subscribe({ event: ['join', 'leave'] })
    const oneRoom = await subscribe({ room_id: ['other'] })
    const corrections = await subscribe({ source: ['reconcile'] })
    await sendLifeCycle()
    await sendLifeCycle('other')
    expect(
      dedupeById(await joins())
        .map(({ attributes }) => attributes.event)
        .sort(),
    ).toEqual(['join', 'join', 'leave', 'leave'])
    expect(dedupeById(await oneRoom()).map(({ attributes }) => attributes.room_id)).toEqual(Array(5).fill('other'))
    expect(await corrections()).toEqual([])
  })

  it('receives warnings and unknown events', async () => {
    const events = await subscribe()
    await system.callback({
      event: 'warning_notify',
      trace_id: 'w',
      event_type: 'check_port',
      box_code: 'B',
      options: '',
    })
    await system.callback({ event: 'hologram_on', trace_id: 'h', room_id: 'R' })
    await system.settle()
    expect((await events()).sort(compareTraceIds).map(({ attributes }) => attributes)).toEqual([
      { event: 'hologram_on', room_id: 'R', source: 'callback' },
      { event: 'warning_notify', box_code: 'B', source: 'callback' },
    ])
  })

  it('does not delay the state during an SNS outage, and receives the events afterwards', async () => {
    const events = await subscribe()
    const removeFault = system.run.inject({ service: 'sns', action: 'PublishBatch' })
    for (const [index, params] of lifeCycle.entries()) await system.callback({ ...params, trace_id: `t${index}` })
    const countClosedRooms = async () => {
      const { body } = await system.query('/api/rooms?status=closed')
      return (body as { items: unknown[] }).items.length
    }
    await expect.poll(countClosedRooms, { timeout: 10_000 }).toBe(1)
    expect(await events()).toEqual([])
    removeFault()
    await system.settle()
    const traces = new Set((await events()).map(({ payload }) => payload.trace_id))
    expect([...traces].sort()).toEqual(lifeCycle.map((_, index) => `t${index}`))
  })
})

/**
 * Keeps one notification for each `id`, as the README recommends to subscribers. Of two notifications of a leave,
 * it keeps the one with a session.
 */
function dedupeById(notifications: readonly QueuedNotification[]): QueuedNotification[] {
  const withSessionLast = notifications.toSorted((a, b) => Number(!!a.payload.session) - Number(!!b.payload.session))
  const byId = new Map(withSessionLast.map((notification) => [notification.payload.id, notification]))
  return [...byId.values()].sort(compareTraceIds)
}

function compareTraceIds(a: QueuedNotification, b: QueuedNotification): number {
  return String(a.payload.trace_id) < String(b.payload.trace_id) ? -1 : 1
}
