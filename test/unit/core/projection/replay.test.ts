import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { endsSession, isChangedEnd } from '../../../../core/notifications/room-event.ts'
import { replay } from '../../../../core/projection/project.ts'
import type { NorthboundEvent } from '../../../../core/protocol/events.ts'
import { type AggregateId, aggregateOf, streamOf } from '../../../../core/state/aggregate.ts'
import { foldSteps, historyOf, type Step } from '../../../../core/state/fold.ts'
import { rules } from '../../../support/apply.ts'
import { anyDeliveries, event } from '../../../support/events.ts'

const participant: AggregateId = { kind: 'participant', room_id: 'R', user_id: 'U' }

const sessionEvents = fc.array(
  fc
    .tuple(fc.constantFrom('join', 'leave', 'update'), fc.integer({ min: 1, max: 30 }), fc.constantFrom('Ann', 'Bo'))
    .map(([name, moment, user_name]) => event(name, { user_name }, { at: moment * 2_000 })),
  { minLength: 4, maxLength: 12 },
)

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
    verifyWithout(anyDeliveries, (aggregate, { events, seen, changed }) => {
      const found = findChangedEnds(aggregate, events, seen)
      expect(found).toEqual(expect.arrayContaining(changed.map((step) => step.event)))
    })
  })

  it.each([
    { name: 'any events', deliveries: anyDeliveries },
    { name: 'events of one session after another', deliveries: sessionEvents },
  ])('finds, by one of several events at least, each session that is different without all of them: $name', (given) => {
    verifyWithout(given.deliveries, (aggregate, { events, seen, changed }) => {
      const found = seen.flatMap((one) => findChangedEnds(aggregate, events, [one]))
      expect(found).toEqual(expect.arrayContaining(changed.filter(endsSession).map((step) => step.event)))
    })
  })
})

/** A history, the events of it that are seen now, and the steps of the leaves that are different without all of these. */
type Case = {
  readonly events: readonly NorthboundEvent[]
  readonly seen: readonly NorthboundEvent[]
  readonly changed: readonly Step[]
}

/** Verifies histories of participants, with any events of them seen now. */
function verifyWithout(
  anyEvents: fc.Arbitrary<NorthboundEvent[]>,
  verify: (aggregate: AggregateId, given: Case) => void,
): void {
  fc.assert(
    fc.property(anyEvents, fc.infiniteStream(fc.boolean()), (deliveries, choices) => {
      const own = Map.groupBy(deliveries, (delivery) => streamOf(aggregateOf(delivery))).values()
      for (const events of own.map(historyOf)) {
        const [first] = events
        if (first === undefined || aggregateOf(first).kind !== 'participant') continue
        const seen = events.filter(() => choices.next().value)
        const others = events.filter((one) => !seen.includes(one))
        const earlier = foldSteps(undefined, others, [], rules)
        const changed = foldSteps(undefined, events, [], rules).filter((step) => {
          const without = earlier.find((one) => one.event === step.event)
          return without !== undefined && isChangedEnd(step, without)
        })
        verify(aggregateOf(first), { events, seen, changed })
      }
    }),
  )
}
