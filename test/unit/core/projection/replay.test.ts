import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isChangedEnd } from '../../../../core/notifications/room-event.ts'
import { replay } from '../../../../core/projection/project.ts'
import type { NorthboundEvent } from '../../../../core/protocol/events.ts'
import { type AggregateId, aggregateOf, streamOf } from '../../../../core/state/aggregate.ts'
import { foldSteps, historyOf } from '../../../../core/state/fold.ts'
import { rules } from '../../../support/apply.ts'
import { anyDeliveries, event } from '../../../support/events.ts'

const participant: AggregateId = { kind: 'participant', room_id: 'R', user_id: 'U' }

function findChangedEnds(aggregate: AggregateId, events: readonly NorthboundEvent[], seen: readonly NorthboundEvent[]) {
  const { changedEnds } = replay(aggregate, { base: 'beginning', events, closes: [] }, { seen }, rules)
  return changedEnds.map((step) => step.event)
}

describe('replay', () => {
  it('finds the leave whose session an event changes that came long before it', () => {
    const late = event('join', {}, { at: 1 })
    const join = event('join', {}, { at: 10_000 })
    const media = Array.from({ length: 500 }, (_, index) =>
      event(index % 2 === 0 ? 'publish' : 'unpublish', { stream_id: 'S' }, { at: 20_000 + index * 1000 }),
    )
    const leave = event('leave', {}, { at: 900_000 })
    const next = [event('join', {}, { at: 950_000 }), event('leave', {}, { at: 990_000 })]
    expect(findChangedEnds(participant, [late, join, ...media, leave, ...next], [late])).toEqual([leave])
  })

  it('finds the leaves that a fold without any events shows to have ended another session', () => {
    fc.assert(
      fc.property(anyDeliveries, fc.infiniteStream(fc.boolean()), (deliveries, choices) => {
        const own = Map.groupBy(deliveries, (delivery) => streamOf(aggregateOf(delivery))).values()
        for (const events of own.map(historyOf)) {
          const [first] = events
          if (first === undefined || aggregateOf(first).kind !== 'participant') continue
          const seen = events.filter(() => choices.next().value)
          const without = foldSteps(
            undefined,
            events.filter((one) => !seen.includes(one)),
            [],
            rules,
          )
          const changed = foldSteps(undefined, events, [], rules).filter((step) => {
            const earlier = without.find((one) => one.event === step.event)
            return earlier !== undefined && isChangedEnd(step, earlier)
          })
          expect(findChangedEnds(aggregateOf(first), events, seen)).toEqual(changed.map((step) => step.event))
        }
      }),
    )
  })
})
