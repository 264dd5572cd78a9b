import type { NorthboundEvent } from '../protocol/events.ts'
import { type ActivityWindow, inferOpening, type RoomStep, type RoomTrace, traceRoom } from '../state/fold-room.ts'
import type { OccupancyIndex } from '../state/occupancy-index.ts'
import { type RoomState, unusedRoom } from '../state/room.ts'

/** A time in which a room was open, by its events or because people were in it. Times in ms. */
export type Opening = {
  readonly opened_at: number
  /** Null while the room is open. */
  readonly closed_at: number | null
  readonly close_reason: string | null
  readonly opening_estimated: boolean
  readonly closing_estimated: boolean
}

/** What the openings of a room follow from. */
export type RoomHistory = {
  /** Events of the room, in order. */
  readonly events: readonly NorthboundEvent[]
  readonly occupancies: OccupancyIndex
}

/**
 * Lists the openings of a room, oldest first, by the rules of its state (docs/contract.md, section 4): the last one is what the
 * state shows. A close without an opening adds nothing. Like `foldRoom`, it asks whether something genuine happened in the room
 * within a window, and goes on with the answer.
 */
export function* listOpenings(history: RoomHistory): Generator<ActivityWindow, Opening[], boolean> {
  const { occupancies } = history
  const events = history.events.filter(({ data }) => data.event === 'open' || data.event === 'close')
  const trace = yield* traceRoom(undefined, events, occupancies)
  const states: RoomState[] = []
  for (const step of trace.steps) {
    if (hasNoEffect(step)) continue
    addInferred(states, step)
    if (step.state === undefined) continue
    if (beginsOpening(step)) states.push(step.state)
    else states.splice(-1, 1, step.state)
  }
  addInferred(states, trace)
  return states.flatMap(toOpening)
}

/** Adds the openings that people imply after the last one. */
function addInferred(
  states: RoomState[],
  { earlierPeriods, found }: Pick<RoomTrace, 'earlierPeriods' | 'found'>,
): void {
  states.push(...earlierPeriods.map((period) => ({ ...unusedRoom, ...inferOpening(period) })))
  if (found?.if_empty !== undefined) states.push(found)
}

/** A close that was a mistake, or an estimated open of an open room. */
function hasNoEffect({ event: { data, source }, found, state }: RoomStep): boolean {
  if (data.event === 'close') return state?.closes.at(-1)?.is_void === true
  return source === 'reconcile' && found?.status === 'open'
}

function beginsOpening({ event: { source }, found, state }: RoomStep): boolean {
  if (state?.status !== 'open' || found?.status === 'open') return false
  const isResumed = source === 'reconcile' && found?.opened_at === state.opened_at
  return !isResumed
}

/** Returns an empty list for a room that was closed without a known open. */
function toOpening(state: RoomState): Opening[] {
  const { opened_at, closed_at, close_reason, opening_estimated, closing_estimated } = state
  if (opened_at === null) return []
  return [{ opened_at, closed_at, close_reason, opening_estimated, closing_estimated }]
}
