import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Alert } from '../../../../core/notifications/alert.ts'
import type { RoomEventMessage } from '../../../../core/ports/topics.ts'
import { aggregateOf, streamOf } from '../../../../core/state/aggregate.ts'
import { memoryDependencies } from '../../../support/apply.ts'
import { anyDeliveries, cut } from '../../../support/events.ts'
import { memoryTopics, publishDependencies, publishUntilDone } from '../../../support/topics.ts'
import { failSomeCalls } from '../../../support/unreliable-stores.ts'

/** The topics, except that some calls fail, before or after the message was accepted. */
function createUnreliableTopics(topics: Omit<ReturnType<typeof memoryTopics>, 'sent'>, isDown: () => boolean) {
  return {
    alerts: {
      publish: async (alert: Alert) => {
        if (isDown()) throw new Error('SNS is down')
        await topics.alerts.publish(alert)
        if (isDown()) throw new Error('the response was lost')
      },
    },
    roomEvents: {
      publish: async (messages: readonly RoomEventMessage[]) => {
        const accepted = messages.filter(() => !isDown())
        await topics.roomEvents.publish(accepted)
        const failed = messages.filter((message) => !accepted.includes(message))
        return new Map(failed.map((message) => [message, new Error('SNS is down')]))
      },
    },
  }
}

describe('publishApplied', () => {
  it('publishes every event with its time, and alerts about all ports, even if calls fail', async () => {
    const dice = fc.infiniteStream(fc.nat(9))
    const sizes = fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 1, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(anyDeliveries, sizes, dice, async (events, batchSizes, rolls) => {
        const { sent, ...topics } = memoryTopics()
        const rollDie = () => rolls.next().value ?? 9
        let calls = 0
        const unreliable = createUnreliableTopics(topics, () => calls++ < 50 && rollDie() < 3)
        const stores = failSomeCalls(memoryDependencies(), rollDie)
        for (const batch of cut(events, batchSizes))
          await publishUntilDone(publishDependencies(stores, unreliable), batch)
        const published = new Set(sent.roomEvents.map(({ body }) => `${body.trace_id} ${Date.parse(body.received_at)}`))
        for (const copies of Map.groupBy(events, ({ trace_id }) => trace_id).values()) {
          const receivedAt = Math.min(...copies.map(({ received_at }) => received_at))
          expect(published).toContain(`${copies[0]?.trace_id} ${receivedAt}`)
        }
        const alerted = new Set(sent.alerts.map(({ payload }) => JSON.stringify([payload.box_code, payload.ports])))
        for (const event of events)
          if (event.data.event === 'warning_notify') {
            const ports = JSON.stringify([event.data.box_code, event.data.options.ports])
            expect(alerted, streamOf(aggregateOf(event))).toContain(ports)
          }
      }),
      { numRuns: 600 },
    )
  })
})
