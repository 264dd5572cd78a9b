import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type QueuedNotification, subscribeQueue } from '../../packages/template-runner/test/support/subscribe-queue.ts'
import { type System, startSystem } from '../support/system.ts'

let system: System
const subscribe = (filterPolicy?: object) =>
  subscribeQueue(system.run, system.run.outputs.RoomEventTopicArn, filterPolicy)

beforeEach(async () => {
  // Failed messages come again after seconds instead of minutes, but not while they are worked on.
  system = await startSystem({ visibilityTimeoutSeconds: 5 })
})
afterEach(async () => {
  await system.run.stop()
  expect(system.run.denials).toEqual([])
})

const user = { room_id: '房间 1', user_id: 'U', endpoint_type: 'web', user_name: '王小明' }
const life = [
  { event: 'open', room_id: user.room_id },
  { event: 'join', ...user, event_type: 'normal' },
  { event: 'publish', ...user, stream_id: 'S', stream_type: 'video', resolution: '720p' },
  { event: 'leave', ...user, event_type: 'offline', token: 'S3CRET' },
  { event: 'close', room_id: user.room_id, event_type: 'auto' },
]

async function live(room_id = user.room_id): Promise<void> {
  for (const [index, params] of life.entries()) {
    await system.callback({ ...params, room_id, trace_id: `${room_id}-${index}` })
  }
  await system.settle()
}

describe('the room event topic', () => {
  it('carries every applied event as the log has it, with the session on a leave', async () => {
    const events = await subscribe()
    await live()
    const { body } = await system.query(`/api/rooms/${encodeURIComponent(user.room_id)}/events`)
    const logged = (body as { items: Record<string, unknown>[] }).items
    // At least once: a leave that overtook its join is told again, with its session.
    const got = oncePerTrace(await events())
    expect(got.map(({ payload: { session: _, ...record } }) => record)).toEqual(logged)
    expect(got.map(({ attributes }) => attributes)).toEqual(
      life.map(({ event }) => ({ event, room_id: user.room_id, source: 'callback' })),
    )
    expect(JSON.stringify(got)).not.toContain('S3CRET')
    const [, , , leave] = got
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
    expect(got.filter(({ payload }) => 'session' in payload)).toEqual([leave])
  })

  it('can be filtered by event, by room and by source', async () => {
    const joins = await subscribe({ event: ['join', 'leave'] })
    const oneRoom = await subscribe({ room_id: ['other'] })
    const corrections = await subscribe({ source: ['reconcile'] })
    await live()
    await live('other')
    expect(
      oncePerTrace(await joins())
        .map(({ attributes }) => attributes.event)
        .sort(),
    ).toEqual(['join', 'join', 'leave', 'leave'])
    expect(oncePerTrace(await oneRoom()).map(({ attributes }) => attributes.room_id)).toEqual(Array(5).fill('other'))
    expect(await corrections()).toEqual([])
  })

  it('carries warnings and events of unknown kind too', async () => {
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
    expect((await events()).sort(byTrace).map(({ attributes }) => attributes)).toEqual([
      { event: 'hologram_on', room_id: 'R', source: 'callback' },
      { event: 'warning_notify', source: 'callback' },
    ])
  })

  it('carries what was applied while SNS was down as soon as it is back, and the state did not wait for it', async () => {
    const events = await subscribe()
    const mend = system.run.inject({ service: 'sns', action: 'PublishBatch' })
    for (const [index, params] of life.entries()) await system.callback({ ...params, trace_id: `t${index}` })
    const closed = async () => {
      const { body } = await system.query('/api/rooms?status=closed')
      return (body as { items: unknown[] }).items.length
    }
    await expect.poll(closed, { timeout: 10_000 }).toBe(1)
    expect(await events()).toEqual([])
    mend()
    await system.run.idle(30_000)
    const traces = new Set((await events()).map(({ payload }) => payload.trace_id))
    expect([...traces].sort()).toEqual(life.map((_, index) => `t${index}`))
  }, 60_000)
})

/** De-duplicated as the README says, by trace_id: of two messages of a leave, the one with a session. */
function oncePerTrace(told: readonly QueuedNotification[]): QueuedNotification[] {
  const withSessionLast = told.toSorted((a, b) => Number(!!a.payload.session) - Number(!!b.payload.session))
  return [...new Map(withSessionLast.map((one) => [one.payload.trace_id, one])).values()].sort(byTrace)
}

function byTrace(a: QueuedNotification, b: QueuedNotification): number {
  return String(a.payload.trace_id) < String(b.payload.trace_id) ? -1 : 1
}
