import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { NorthboundEvent } from '../../../../core/protocol/events.ts'
import { toleranceMs } from '../../../../core/state/connections.ts'
import { isPresent } from '../../../../core/state/participant.ts'
import { denseHistory, participantAfter, shownAfter, stepsOf } from '../../../support/participant-histories.ts'

type History = readonly NorthboundEvent[]

/** The first of these events after the one at `index`, if it came within the tolerance. */
function findSoonAfter(history: History, index: number, names: readonly string[]): NorthboundEvent | undefined {
  const next = history.slice(index + 1).find((event) => names.includes(event.event))
  return next && next.received_at - (history[index]?.received_at ?? 0) <= toleranceMs ? next : undefined
}

/** The state before the event at `index`, if the event is a leave that ends the session. */
function stateBeforeEnd(history: History, index: number) {
  const before = participantAfter(history.slice(0, index))
  const after = participantAfter(history.slice(0, index + 1))
  const ends = history[index]?.event === 'leave' && before && isPresent(before) && after && !isPresent(after)
  return ends ? before : undefined
}

const without = (history: History, event: NorthboundEvent | undefined) => history.filter((other) => other !== event)

describe('an end that turns out to be void', () => {
  it('leaves no difference if it is a kick just before a join', () => {
    fc.assert(
      fc.property(denseHistory, (history) => {
        for (const [index, { data }] of history.entries()) {
          const isKick = data.event === 'leave' && data.event_type === 'client_kick'
          const before = isKick ? stateBeforeEnd(history, index) : undefined
          const join = findSoonAfter(history, index, ['join'])
          // Media before the kick may belong to the join, which then starts another session.
          if (before === undefined || before.early_media !== undefined || join === undefined) continue
          const untilJoin = history.slice(0, history.indexOf(join) + 1)
          expect(shownAfter(stepsOf(untilJoin))).toEqual(shownAfter(stepsOf(without(untilJoin, history[index]))))
        }
      }),
      { numRuns: 1500 },
    )
  })

  it('leaves no difference if it is a leave between a new connection and its media', () => {
    fc.assert(
      fc.property(denseHistory, (history) => {
        for (const [index, leave] of history.entries()) {
          const connectedAt = stateBeforeEnd(history, index)?.connection?.at
          const next = findSoonAfter(history, index, ['join', 'publish', 'sub'])
          if (connectedAt === undefined || leave.received_at - connectedAt > toleranceMs) continue
          if (next === undefined || next.event === 'join') continue
          expect(shownAfter(stepsOf(history))).toEqual(shownAfter(stepsOf(without(history, leave))))
        }
      }),
      { numRuns: 1500 },
    )
  })
})
