import fc from 'fast-check'
import { expect } from 'vitest'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { streamOf } from '../../core/state/aggregate.ts'
import { fold } from '../../core/state/fold.ts'
import { isActivity } from '../../core/state/fold-room.ts'
import { isOpenByEvent, type RoomState } from '../../core/state/room.ts'
import { rules } from './apply.ts'
import { event } from './events.ts'

// A close by reconciliation is a mistake if the room was open. The next genuine event in the room that comes soon enough must
// leave no difference, whatever further corrections came in between (docs/contract.md, section 4).

const second = 1000
const minute = 60 * second
const voidWindowMs = 30 * minute

const pauseMs = fc.oneof(
  fc.integer({ min: 1, max: 6 * second }),
  fc.integer({ min: 6 * second, max: 11 * minute }),
  fc.integer({ min: 11 * minute, max: 40 * minute }),
)
const genuineEvent = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ name: 'open', params: {} }) },
  { weight: 2, arbitrary: fc.constant({ name: 'close', params: { event_type: 'user' } }) },
  {
    weight: 6,
    arbitrary: fc.record({
      name: fc.constantFrom('join', 'publish', 'unsub', 'update', 'leave'),
      params: fc.record({ user_id: fc.constantFrom('U1', 'U2'), event_type: fc.constant('normal') }),
    }),
  },
)
const corrections = fc.array(fc.record({ name: fc.constantFrom('open', 'close'), pauseMs }), { maxLength: 3 })

/** Verifies random histories with a mistaken close each. Histories in which nothing contradicts it do not count. */
export function verifyMistakenRoomCloses(numRuns: number): void {
  const occurrence = fc.record({ occurrence: genuineEvent, pauseMs })
  fc.assert(
    fc.property(
      fc.array(occurrence, { minLength: 2, maxLength: 12 }),
      fc.nat(),
      corrections,
      (steps, position, more) => {
        const history = at(steps.map(({ occurrence, pauseMs }) => ({ ...occurrence, pauseMs })))
        const from = history[position % history.length]?.received_at ?? 0
        const mistakes = at([{ name: 'close', pauseMs: 1 }, ...more], from, 'reconcile')
        const later = history.filter(({ received_at }) => received_at > from)
        const contradiction = later.find(isContradiction)
        const next = later.find((one) => isContradiction(one) || one.data.event === 'close')
        const lastAt = mistakes.at(-1)?.received_at ?? from
        fc.pre(isOpenAt(history, from + 1) && contradiction !== undefined && next !== undefined)
        fc.pre(lastAt < next.received_at && contradiction.received_at - from <= voidWindowMs)
        expect(shownRoom([...history, ...mistakes])).toEqual(shownRoom(history))
      },
    ),
    { numRuns, maxSkipsPerRun: 1000 },
  )
}

function at(
  occurrences: readonly { name: string; params?: Record<string, string>; pauseMs: number }[],
  from = 0,
  source: 'callback' | 'reconcile' = 'callback',
): NorthboundEvent[] {
  let time = from
  return occurrences.map(({ name, params, pauseMs }) => {
    time += pauseMs
    return event(name, params ?? { event_type: 'reconciled' }, { at: time, source })
  })
}

function isContradiction(one: NorthboundEvent): boolean {
  return isActivity(one) || one.data.event === 'open'
}

/** Whether the room is open by an open, so that its state does not depend on sessions, which the mistake ends as well. */
function isOpenAt(history: readonly NorthboundEvent[], time: number): boolean {
  const state = roomAfter(history.filter(({ received_at }) => received_at < time))
  return state !== undefined && isOpenByEvent(state) && !state.opening_estimated
}

function roomAfter(history: readonly NorthboundEvent[]): RoomState | undefined {
  const state = fold(history, rules).get(streamOf({ kind: 'room', room_id: 'R' }))
  return state?.kind === 'room' ? state : undefined
}

/** What the query API shows of the room. */
function shownRoom(history: readonly NorthboundEvent[]) {
  const state = roomAfter(history)
  if (state === undefined) return undefined
  const { closes: _, closes_cut: _cut, basis: _basis, if_empty: _if_empty, ...shown } = state
  return shown
}
