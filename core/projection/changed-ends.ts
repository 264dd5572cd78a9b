import { endsSession, isChangedEnd, isEnd } from '../notifications/room-event.ts'
import type { NorthboundEvent } from '../protocol/events.ts'
import { applyEntry, type FoldRules, type HistoryEntry, type State, type Step } from '../state/fold.ts'
import { orderKey } from '../state/order.ts'
import { initialState, type ParticipantState } from '../state/participant-state.ts'
import { canonicalText } from './canonical-text.ts'

/** No name and no type of an endpoint. */
const unknownText = '\0'

/** A history, and what is new in it. */
export type Compared = {
  /** The state to start from. */
  readonly state: State | undefined
  readonly events: readonly NorthboundEvent[]
  /** The events of the input. */
  readonly seen: readonly NorthboundEvent[]
  /** The order keys of the closes that are new. */
  readonly seenCloses: ReadonlySet<string>
  /** The order key of the first event that has replaced another one: every later end may have been published differently. */
  readonly replacedFrom: string | undefined
}

/**
 * Folds the same history a second time, without the events and closes that are new, to find the leaves and closes whose
 * session they change.
 *
 * Other events may have come at the same time with the same effect, so that no session is different without one of them. A session that
 * depends on a new event and on what came before it may therefore have been published differently: it counts as changed
 * (docs/decisions/0022).
 *
 * @returns a function that takes the entries of the whole history in order, with their steps.
 */
export function compareWithout(
  watermark: string,
  { state, events, seen, seenCloses, replacedFrom }: Compared,
  rules: FoldRules,
): (entry: HistoryEntry, step: Step) => 'changed_end' | 'unchanged' {
  // Of several duplicates, the one received first counts.
  const counted = new Map(Map.groupBy(seen, ({ trace_id }) => trace_id))
  const isCounted = ({ trace_id, received_at }: NorthboundEvent) =>
    counted.get(trace_id)?.some((event) => event.received_at === received_at) ?? false
  const isNew = (entry: HistoryEntry) => ('close' in entry ? seenCloses.has(entry.order) : isCounted(entry.event))
  // Without earlier events, nothing was published about the closes in this history.
  const hasEarlierEvents = events.some((event) => !isCounted(event) && orderKey(event) > watermark)
  const isReplaced = (step: Step) => replacedFrom !== undefined && step.order >= replacedFrom && isEnd(step)
  const foldWithout = foldOtherwise(state, rules)
  let foldUnknown: FoldStep | undefined
  return (entry, step) => {
    if (isNew(entry)) {
      foldUnknown = foldOtherwise(forget(step.after), rules)
      if ('event' in entry) return 'unchanged'
      return isReplaced(step) || endsSession(step) ? 'changed_end' : 'unchanged'
    }
    const isDifferent = isChangedEnd(step, foldWithout(entry, step))
    const isDependent = foldUnknown !== undefined && isChangedEnd(step, foldUnknown(entry, step)) && endsSession(step)
    const isChanged = hasEarlierEvents ? isDifferent || isDependent : endsSession(step)
    return isReplaced(step) || isChanged ? 'changed_end' : 'unchanged'
  }
}

/**
 * Returns a state that no event leads to. The summary of a session that ends after it shows whether it depends on what came before.
 *
 * @param state the actual state. If it has no name, no earlier event had one.
 */
function forget(state: State | undefined): ParticipantState {
  const hasName = state?.kind === 'participant' && state.user_name !== null
  return {
    ...initialState,
    user_name: hasName ? unknownText : null,
    session: { joined_at: -1, start_estimated: false, endpoint_type: unknownText, reconnects: 0, end: null },
  }
}

type FoldStep = (entry: HistoryEntry, step: Step) => Step

/**
 * Folds a history from another state, until the states are the same.
 *
 * @returns a function that takes the entries in order, with their actual steps, and returns the other step.
 */
function foldOtherwise(state: State | undefined, rules: FoldRules): FoldStep {
  let current = state
  let differentSteps = 0
  return (entry, step) => {
    // The states are usually equal soon. That is checked more and more rarely, because a check takes longer than a step.
    const other = current === step.before ? step : applyEntry(current, entry, rules)
    current = other.after
    if (current === step.after) differentSteps = 0
    else if (isPowerOfTwo(++differentSteps) && canonicalText(current) === canonicalText(step.after))
      current = step.after
    return other
  }
}

function isPowerOfTwo(count: number): boolean {
  return Number.isInteger(Math.log2(count))
}
