import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import type { RoomEventMessage } from '../../../../core/ports/topics.ts'
import type { NorthboundEvent } from '../../../../core/protocol/events.ts'
import { aggregateOf, streamOf } from '../../../../core/state/aggregate.ts'
import { applyBatch } from '../../../../lambdas/apply-events/apply-batch.ts'
import { publishApplied } from '../../../../lambdas/apply-events/publish.ts'
import { memoryDependencies, unlimited } from '../../../support/apply.ts'
import { anyDeliveries, cut, event } from '../../../support/events.ts'
import { memoryTopics, publishDependencies, publishUntilDone } from '../../../support/topics.ts'
import { failSomeCalls } from '../../../support/unreliable-stores.ts'

function world() {
  const { sent, ...topics } = memoryTopics()
  const dependencies = publishDependencies(memoryDependencies(), topics)
  return { sent, dependencies, tell: (...events: NorthboundEvent[]) => publishUntilDone(dependencies, events) }
}

const warning = (at: number, port = 8088, box_code = 'B') =>
  event('warning_notify', { box_code, options: JSON.stringify([{ type: 'tcp', port }]) }, { at })
const bodies = (messages: readonly RoomEventMessage[]) => messages.map(({ body }) => body)

describe('of what is applied', () => {
  it('every event is told once, with the room that it is about', async () => {
    const { sent, tell } = world()
    await tell(event('open'), event('join'), event('hologram_on'), warning(5))
    expect(
      bodies(sent.roomEvents)
        .map((body) => body.event)
        .sort(),
    ).toEqual(['hologram_on', 'join', 'open', 'warning_notify'])
    const rooms = sent.roomEvents.map(({ body, room_id }) => [body.event, room_id])
    expect(rooms).toContainEqual(['join', 'R'])
    expect(rooms).toContainEqual(['warning_notify', undefined])
  })

  it('a copy that the platform sent is not told again; the same message, delivered again, is', async () => {
    const { sent, tell } = world()
    const join = event('join', {}, { at: 10 })
    await tell(join)
    await tell({ ...join, received_at: 20 })
    expect(sent.roomEvents).toHaveLength(1)
    await tell({ ...join })
    expect(bodies(sent.roomEvents)).toEqual([sent.roomEvents[0]?.body, sent.roomEvents[0]?.body])
  })

  it('the copy that counts, because it was received first, is told with its time', async () => {
    const { sent, tell } = world()
    const join = event('join', {}, { at: 20 })
    await tell(join)
    await tell({ ...join, received_at: 10 })
    expect(bodies(sent.roomEvents).map(({ received_at }) => received_at)).toEqual([
      '1970-01-01T00:00:00.020Z',
      '1970-01-01T00:00:00.010Z',
    ])
  })

  it('what is new of somebody is told though the history of what is told again cannot be read', async () => {
    const { sent, dependencies } = world()
    const [join, publish] = [event('join', {}, { at: 1 }), event('publish', { stream_id: 'S' }, { at: 2 })]
    await publishUntilDone(dependencies, [join])
    sent.roomEvents.length = 0
    const { appliedEvents } = await applyBatch(dependencies, [join, publish], unlimited)
    const log = { ...dependencies.log, read: () => Promise.reject(new Error('away')) }
    const { failures } = await publishApplied({ ...dependencies, log }, appliedEvents, unlimited)
    expect(bodies(sent.roomEvents).map((body) => body.event)).toEqual(['publish'])
    expect([...failures.keys()]).toEqual([join])
  })

  it('a leave is told with its own session, in the batch, late, and delivered again', async () => {
    const { sent, tell } = world()
    const [join, leave, back] = [
      event('join', {}, { at: 1000 }),
      event('leave', { event_type: 'normal' }, { at: 3000 }),
      event('join', {}, { at: 4000 }),
    ]
    await tell(join, leave, back)
    await tell({ ...leave })
    const late = event('leave', { event_type: 'offline' }, { at: 2000 })
    await tell(late)
    const sessions = bodies(sent.roomEvents).flatMap(({ session }) => (session === undefined ? [] : [session?.seconds]))
    // The late leave ended the session, so the other one ended none: it is told again.
    expect(sessions).toEqual([2, 2, 1, undefined])
  })

  it('a leave that overtook its join is told again, with its session; and again where that was not told', async () => {
    const [join, leave] = [event('join', {}, { at: 1000 }), event('leave', { event_type: 'normal' }, { at: 3000 })]
    const { sent, tell, dependencies } = world()
    await tell(leave)
    await tell(join)
    const seconds = () =>
      bodies(sent.roomEvents).map((body) => [
        body.event,
        body.session === undefined ? undefined : body.session?.seconds,
      ])
    const corrected = [
      ['join', undefined],
      ['leave', 2],
    ]
    expect(seconds()).toEqual([['leave', undefined], ...corrected])
    // The same join again, as after a crash between the state and the topic.
    await tell({ ...join })
    expect(seconds().slice(3)).toEqual(corrected)
    // A copy of it from the platform changes nothing.
    await tell({ ...join, received_at: 2000 })
    expect(sent.roomEvents).toHaveLength(5)
    let down = true
    const roomEvents = {
      publish: async (messages: readonly RoomEventMessage[]) => {
        const failed = down ? messages.filter(({ body }) => body.event === 'leave') : []
        down = false
        await dependencies.roomEvents.publish(messages.filter((message) => !failed.includes(message)))
        return new Map(failed.map((message) => [message, new Error('SNS is down')]))
      },
    }
    const late = event('join', {}, { at: 500 })
    expect(await publishUntilDone({ ...dependencies, roomEvents }, [late])).toBe(2)
    expect(seconds().at(-1)).toEqual(['leave', 3])
  })

  it('a copy that nobody remembers does not make a leave be told again', async () => {
    const { sent, tell } = world()
    const join = event('join', {}, { at: 1000 })
    await tell(join, event('leave', { event_type: 'normal' }, { at: 3000 }))
    await tell(...Array.from({ length: 30 }, (_, index) => event('update', {}, { at: 4000 + index })))
    await tell({ ...join, received_at: 5000 })
    expect(bodies(sent.roomEvents).filter((body) => body.event === 'leave')).toHaveLength(1)
  })

  it('a quarantined event is told nobody', async () => {
    const { sent, tell } = world()
    await tell(event('join', { user_name: 'first' }, { trace: 't', at: 10 }))
    await tell(event('join', { user_name: 'second' }, { trace: 't', at: 20 }))
    expect(sent.roomEvents).toHaveLength(1)
  })
})

describe('alerts', () => {
  it('go out once for 500 warnings about the same ports, and at once for another box and other ports', async () => {
    const { sent, tell } = world()
    for (const batch of cut(
      Array.from({ length: 500 }, () => warning(100)),
      [100],
    ))
      await tell(...batch)
    await tell(warning(101, 8088, 'C'), warning(102, 7630))
    await tell(warning(110))
    expect(sent.alerts.map(({ payload }) => [payload.box_code, payload.suppressed])).toEqual([
      ['B', 0],
      ['C', 0],
      ['B', 0],
      ['B', 499],
    ])
  })

  it('are not sent again for a warning that comes again', async () => {
    const { sent, tell } = world()
    const first = warning(100)
    await tell(first)
    await tell({ ...first })
    await tell({ ...first, received_at: 105 })
    expect(sent.alerts).toHaveLength(1)
  })

  it('are sent by the next delivery where the first died between the state and the topic', async () => {
    const { sent, tell, dependencies } = world()
    const first = warning(100)
    await applyBatch(dependencies, [first], unlimited)
    await tell(warning(101))
    expect(sent.alerts).toEqual([])
    await tell({ ...first })
    expect(sent.alerts.map(({ payload }) => payload.trace_id)).toEqual([first.trace_id])
  })

  it('wait until the topic takes them, and go out once then', async () => {
    const { sent, dependencies } = world()
    let refusals = 3
    const alerts = {
      publish: async (alert: Parameters<typeof dependencies.alerts.publish>[0]) => {
        if (refusals-- > 0) throw new Error('SNS is down')
        await dependencies.alerts.publish(alert)
      },
    }
    expect(await publishUntilDone({ ...dependencies, alerts }, [warning(100), event('join')])).toBe(4)
    expect(sent.alerts).toHaveLength(1)
    // The room events went out at once; only the message of the warning had to come again.
    expect(bodies(sent.roomEvents).filter((body) => body.event === 'join')).toHaveLength(1)
  })

  it('of many boxes are tried at once, and none is begun after its time, where the topic does not answer', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { dependencies } = world()
    let tried = 0
    const alerts = {
      publish: async () => {
        tried++
        vi.advanceTimersByTime(15_000)
        throw new Error('no answer')
      },
    }
    const warnings = Array.from({ length: 40 }, (_, box) => warning(100, 8088, `B${box}`))
    const { appliedEvents } = await applyBatch(dependencies, warnings, unlimited)
    const { failures } = await publishApplied({ ...dependencies, alerts }, appliedEvents, { remainingMs: () => 23_000 })
    vi.useRealTimers()
    expect(failures.size).toBe(40)
    expect(tried).toBeLessThan(10)
  })

  it('are told from warnings that were suppressed, also where telling failed', async () => {
    const { dependencies } = world()
    const down = () => Promise.reject(new Error('SNS is down'))
    const [first, second] = [warning(100), warning(101)]
    const { appliedEvents } = await applyBatch(dependencies, [first, second], unlimited)
    const { alerts } = await publishApplied({ ...dependencies, alerts: { publish: down } }, appliedEvents, unlimited)
    expect([alerts.get(first), alerts.get(second)]).toEqual(['unsent', undefined])
  })

  it('are sent again where it could not be noted that they were sent', async () => {
    const { sent, dependencies } = world()
    let writes = 0
    const store = {
      ...dependencies.store,
      write: async (projection: Parameters<typeof dependencies.store.write>[0]) => {
        writes++
        if (writes === 2) throw new Error('the table is gone')
        return dependencies.store.write(projection)
      },
    }
    expect(await publishUntilDone({ ...dependencies, store }, [warning(100)])).toBe(2)
    expect(sent.alerts).toHaveLength(2)
  })
})

describe('whatever fails', () => {
  it('every event that counts is told, with its time, and of each box and ports somebody hears', async () => {
    const dice = fc.infiniteStream(fc.nat(9))
    const sizes = fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 1, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(anyDeliveries, sizes, dice, async (events, pieces, throws) => {
        const { sent, ...topics } = memoryTopics()
        let calls = 0
        const isDown = () => calls++ < 50 && (throws.next().value ?? 9) < 3
        const unreliable = {
          alerts: {
            publish: async (alert: Parameters<typeof topics.alerts.publish>[0]) => {
              if (isDown()) throw new Error('SNS is down')
              await topics.alerts.publish(alert)
              if (isDown()) throw new Error('the answer was lost')
            },
          },
          roomEvents: {
            publish: async (messages: readonly RoomEventMessage[]) => {
              const taken = messages.filter(() => !isDown())
              await topics.roomEvents.publish(taken)
              const left = messages.filter((message) => !taken.includes(message))
              return new Map(left.map((message) => [message, new Error('SNS is down')]))
            },
          },
        }
        const stores = failSomeCalls(memoryDependencies(), () => throws.next().value ?? 9)
        for (const batch of cut(events, pieces)) await publishUntilDone(publishDependencies(stores, unreliable), batch)
        const told = new Set(sent.roomEvents.map(({ body }) => `${body.trace_id} ${Date.parse(body.received_at)}`))
        for (const earliest of Map.groupBy(events, ({ trace_id }) => trace_id).values()) {
          const at = Math.min(...earliest.map(({ received_at }) => received_at))
          expect(told).toContain(`${earliest[0]?.trace_id} ${at}`)
        }
        const boxes = new Set(sent.alerts.map(({ payload }) => JSON.stringify([payload.box_code, payload.ports])))
        for (const one of events)
          if (one.data.event === 'warning_notify') {
            const about = JSON.stringify([one.data.box_code, one.data.options.ports])
            expect(boxes, streamOf(aggregateOf(one))).toContain(about)
          }
      }),
      { numRuns: 600 },
    )
  }, 60_000)
})
