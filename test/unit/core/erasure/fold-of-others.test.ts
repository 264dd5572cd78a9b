import fc from 'fast-check'
import { expect, it } from 'vitest'
import { eraseFromEvent } from '../../../../core/erasure/erase-event.ts'
import type { NorthboundEvent } from '../../../../core/protocol/events.ts'
import { aggregateOf, streamOf } from '../../../../core/state/aggregate.ts'
import { expectedPastEntries, expectedStates } from '../../../support/apply.ts'
import { anyRoomDeliveries } from '../../../support/room-histories.ts'

const erased = 'U1'
const isErased = (userId: string) => userId === erased

/** Adds what platforms may send beyond the document: who was the cause of an event about someone else. */
const anyDeliveries = anyRoomDeliveries.chain((events) =>
  fc
    .array(fc.constantFrom(undefined, 'operator', 'hostId', 'owner_user_id'), {
      minLength: events.length,
      maxLength: events.length,
    })
    .map((names) => events.map((event, index) => withParameter(event, names[index]))),
)

function withParameter(event: NorthboundEvent, name: string | undefined): NorthboundEvent {
  return name === undefined ? event : { ...event, params: { ...event.params, [name]: erased } }
}

it('erasing a person leaves the states of everybody else unchanged, and of rooms that do not depend on the person', () => {
  fc.assert(
    fc.property(anyDeliveries, (events) => {
      const remaining = events.flatMap((event) => {
        const rest = eraseFromEvent(event, isErased)
        return rest === 'erased' ? [] : [rest]
      })
      const own = new Set(
        events
          .map((event) => aggregateOf(event))
          .filter((aggregate) => aggregate.kind === 'participant' && isErased(aggregate.user_id))
          .map(streamOf),
      )
      const before = expectedStates(events)
      const after = expectedStates(remaining)
      for (const [stream, state] of before) {
        const isRoomOfPeople = state.kind === 'room' && state.basis !== undefined
        if (own.has(stream)) expect(after.has(stream)).toBe(false)
        else if (!isRoomOfPeople) expect(after.get(stream)).toEqual(state)
      }
      const others = [...expectedPastEntries(events)].filter(([stream]) => !own.has(stream))
      expect(new Map(others)).toEqual(expectedPastEntries(remaining))
      expect(JSON.stringify(remaining)).not.toContain(`"${erased}"`)
    }),
    { numRuns: 500 },
  )
})
