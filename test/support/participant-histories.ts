import fc from 'fast-check'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { closesOf } from '../../core/state/closes.ts'
import { foldSteps, historyOf, type Step } from '../../core/state/fold.ts'
import type { ParticipantState } from '../../core/state/participant.ts'
import { collectPastEntries, rules } from './apply.ts'
import { event } from './events.ts'

const second = 1000
const minute = 60 * second

const shortPauseMs = fc.integer({ min: 1, max: 6 * second })
/** Pauses on both sides of every limit of the rules. */
const pauseMs = fc.oneof(
  { weight: 4, arbitrary: shortPauseMs },
  { weight: 3, arbitrary: fc.integer({ min: 6 * second, max: 70 * second }) },
  { weight: 2, arbitrary: fc.integer({ min: 1 * minute, max: 11 * minute }) },
  { weight: 1, arbitrary: fc.integer({ min: 11 * minute, max: 40 * minute }) },
)
const stream = {
  stream_id: fc.constantFrom('a', 'b', 'c'),
  stream_type: fc.constantFrom('audio', 'video'),
}
const profile = { endpoint_type: fc.constantFrom('web', 'ios', ''), user_name: fc.constantFrom('Ann', 'Bo', '') }
const kinds: readonly (readonly [string, number, Record<string, fc.Arbitrary<string>>])[] = [
  ['join', 3, profile],
  ['leave', 2, { event_type: fc.constantFrom('normal', 'clientKick', 'serverKick', 'offline') }],
  ['leave', 1, { event_type: fc.constant('clientKick') }],
  ['publish', 2, { ...stream, ...profile }],
  ['unpublish', 2, stream],
  ['sub', 1, stream],
  ['unsub', 1, stream],
  ['update', 1, { user_name: fc.constantFrom('Ann', 'Bo') }],
  ['close', 1, { event_type: fc.constantFrom('user', 'auto') }],
]

/** Genuine events of participant U in room R, and closes of the room, in order. */
function historiesWith(pauseMs: fc.Arbitrary<number>): fc.Arbitrary<NorthboundEvent[]> {
  const occurrence = fc.oneof(
    ...kinds.map(([name, weight, params]) => ({
      weight,
      arbitrary: fc.record({ name: fc.constant(name), params: fc.record(params), pauseMs }),
    })),
  )
  return fc.array(occurrence, { minLength: 2, maxLength: 14 }).map((occurrences) => {
    let at = 0
    return occurrences.map(({ name, params, pauseMs }) => {
      at += pauseMs
      return event(name, params, { at })
    })
  })
}

export const anyHistory = historiesWith(pauseMs)
/** Most of the events are within the tolerance of each other. */
export const denseHistory = historiesWith(shortPauseMs)

/** The steps of participant U in a history of events, in any order. */
export function stepsOf(history: readonly NorthboundEvent[]): Step[] {
  const isClose = ({ data }: NorthboundEvent) => data.event === 'close'
  const own = historyOf(history.filter((event) => !isClose(event)))
  return foldSteps(undefined, own, closesOf(historyOf(history.filter(isClose))), rules)
}

/** The state after a history; undefined if it has no event of participant U. */
export function participantAfter(history: readonly NorthboundEvent[]): ParticipantState | undefined {
  const state = stepsOf(history).at(-1)?.after
  return state?.kind === 'participant' ? state : undefined
}

/** What the query API shows of the participant after these steps: the sessions, the media and the name. */
export function shownAfter(steps: readonly Step[]) {
  const state = steps.at(-1)?.after
  if (state?.kind !== 'participant') return undefined
  const { user_name, session, streams, subscriptions } = state
  const shown = [...streams, ...subscriptions].map(({ repeated_at: _, ...medium }) => medium)
  return { user_name, session, media: shown, past: collectPastEntries(steps) }
}
