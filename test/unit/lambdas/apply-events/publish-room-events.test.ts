import { describe, expect, it } from 'vitest'
import type { RoomEventMessage } from '../../../../core/ports/topics.ts'
import { applyBatch } from '../../../../lambdas/apply-events/apply-batch.ts'
import { publishApplied } from '../../../../lambdas/apply-events/publish.ts'
import { unlimited } from '../../../support/apply.ts'
import { event, warningAt } from '../../../support/events.ts'
import { bodiesOf, publishUntilDone, setUpPublishing } from '../../../support/topics.ts'

/** The name of each published event and, for a leave, the length of its session. */
function sessionLengths(messages: readonly RoomEventMessage[]) {
  return bodiesOf(messages).map(({ event, session }) => [event, session === undefined ? undefined : session?.seconds])
}

describe('publishRoomEvents', () => {
  it('publishes every event once, with the room that it belongs to', async () => {
    const { sent, deliver } = setUpPublishing()
    await deliver(event('open'), event('join'), event('hologram_on'), warningAt(5))
    expect(
      bodiesOf(sent.roomEvents)
        .map((body) => body.event)
        .sort(),
    ).toEqual(['hologram_on', 'join', 'open', 'warning_notify'])
    const rooms = sent.roomEvents.map(({ body, room_id }) => [body.event, room_id])
    expect(rooms).toContainEqual(['join', 'R'])
    expect(rooms).toContainEqual(['warning_notify', undefined])
  })

  it('does not publish a probe, neither when it is applied nor when its message is redelivered', async () => {
    const { sent, deliver } = setUpPublishing()
    const probe = event('northbound_probe')
    await deliver(probe)
    await deliver({ ...probe })
    expect(sent.roomEvents).toEqual([])
  })

  it('publishes a redelivered message again, but not a duplicate from the platform', async () => {
    const { sent, deliver } = setUpPublishing()
    const join = event('join', {}, { at: 10 })
    await deliver(join)
    await deliver({ ...join, received_at: 20 })
    expect(sent.roomEvents).toHaveLength(1)
    await deliver({ ...join })
    expect(bodiesOf(sent.roomEvents)).toEqual([sent.roomEvents[0]?.body, sent.roomEvents[0]?.body])
  })

  it('publishes a duplicate that was received earlier, with its time', async () => {
    const { sent, deliver } = setUpPublishing()
    const join = event('join', {}, { at: 20 })
    await deliver(join)
    await deliver({ ...join, received_at: 10 })
    expect(bodiesOf(sent.roomEvents).map(({ received_at }) => received_at)).toEqual([
      '1970-01-01T00:00:00.020Z',
      '1970-01-01T00:00:00.010Z',
    ])
  })

  it('publishes new events even if the history of redelivered events cannot be read', async () => {
    const { sent, dependencies } = setUpPublishing()
    const [join, publish] = [event('join', {}, { at: 1 }), event('publish', { stream_id: 'S' }, { at: 2 })]
    await publishUntilDone(dependencies, [join])
    sent.roomEvents.length = 0
    const applied = await applyBatch(dependencies, [join, publish], unlimited)
    const log = { ...dependencies.log, visit: () => Promise.reject(new Error('the log is unavailable')) }
    const { failures } = await publishApplied({ ...dependencies, log }, applied, unlimited)
    expect(bodiesOf(sent.roomEvents).map((body) => body.event)).toEqual(['publish'])
    expect([...failures.keys()]).toEqual([join])
  })

  it('publishes a leave with its own session, whether it arrives on time, late or again', async () => {
    const { sent, deliver } = setUpPublishing()
    const [join, leave, rejoin] = [
      event('join', {}, { at: 1000 }),
      event('leave', { event_type: 'normal' }, { at: 3000 }),
      event('join', {}, { at: 4000 }),
    ]
    await deliver(join, leave, rejoin)
    await deliver({ ...leave })
    const late = event('leave', { event_type: 'offline' }, { at: 2000 })
    await deliver(late)
    const seconds = bodiesOf(sent.roomEvents).flatMap(({ session }) =>
      session === undefined ? [] : [session?.seconds],
    )
    // The late leave ended the session. The other one ended none, so it is published again.
    expect(seconds).toEqual([2, 2, 1, undefined])
  })

  it('publishes a leave again, with its session, if its join arrives later or is redelivered', async () => {
    const [join, leave] = [event('join', {}, { at: 1000 }), event('leave', { event_type: 'normal' }, { at: 3000 })]
    const { sent, deliver, dependencies } = setUpPublishing()
    await deliver(leave)
    await deliver(join)
    const corrected = [
      ['join', undefined],
      ['leave', 2],
    ]
    expect(sessionLengths(sent.roomEvents)).toEqual([['leave', undefined], ...corrected])
    // The queue delivers the same join again, for example after a crash between the state and the topic.
    await deliver({ ...join })
    expect(sessionLengths(sent.roomEvents).slice(3)).toEqual(corrected)
    // A duplicate from the platform changes nothing.
    await deliver({ ...join, received_at: 2000 })
    expect(sent.roomEvents).toHaveLength(5)
    // The changed leave is published even if the topic rejects it at first.
    let isDown = true
    const roomEvents = {
      publish: async (messages: readonly RoomEventMessage[]) => {
        const failed = isDown ? messages.filter(({ body }) => body.event === 'leave') : []
        isDown = false
        await dependencies.roomEvents.publish(messages.filter((message) => !failed.includes(message)))
        return new Map(failed.map((message) => [message, new Error('SNS is down')]))
      },
    }
    const late = event('join', {}, { at: 500 })
    expect(await publishUntilDone({ ...dependencies, roomEvents }, [late])).toBe(2)
    expect(sessionLengths(sent.roomEvents).at(-1)).toEqual(['leave', 3])
  })

  it('does not publish a leave again because of a duplicate that is not among the recent events', async () => {
    const { sent, deliver } = setUpPublishing()
    const join = event('join', {}, { at: 1000 })
    await deliver(join, event('leave', { event_type: 'normal' }, { at: 3000 }))
    await deliver(...Array.from({ length: 30 }, (_, index) => event('update', {}, { at: 4000 + index })))
    await deliver({ ...join, received_at: 5000 })
    expect(bodiesOf(sent.roomEvents).filter((body) => body.event === 'leave')).toHaveLength(1)
  })

  it('does not publish a quarantined event', async () => {
    const { sent, deliver } = setUpPublishing()
    await deliver(event('join', { user_name: 'first' }, { trace: 't', at: 10 }))
    await deliver(event('join', { user_name: 'second' }, { trace: 't', at: 20 }))
    expect(sent.roomEvents).toHaveLength(1)
  })
})
