import { listOpenings, type Opening } from '../../core/meetings/openings.ts'
import type { SessionRow } from '../../core/ports/session-reader.ts'
import { isPastSession } from '../../core/projection/past-entries.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { aggregateOf, streamOf } from '../../core/state/aggregate.ts'
import { closesOf } from '../../core/state/closes.ts'
import { foldSteps, historyOf, type Step } from '../../core/state/fold.ts'
import { isActivity, isInWindow } from '../../core/state/fold-room.ts'
import { collectOccupancies, type Occupancy } from '../../core/state/occupancy.ts'
import { OccupancyIndex } from '../../core/state/occupancy-index.ts'
import { orderKey } from '../../core/state/order.ts'
import { collectPastEntries, rules } from './apply.ts'

/** The sessions of all participants of the room after these events. */
export function occupanciesOf(events: readonly NorthboundEvent[], room_id: string): Occupancy[] {
  const streams = Map.groupBy(events, (event) => streamOf(aggregateOf(event)))
  const closes = closesOf(historyOf(streams.get(streamOf({ kind: 'room', room_id })) ?? []))
  return [...streams.values()].flatMap((own) => {
    const aggregate = own[0] && aggregateOf(own[0])
    if (aggregate?.kind !== 'participant' || aggregate.room_id !== room_id) return []
    const steps = foldSteps(undefined, historyOf(own), closes, rules)
    return collectOccupancies(aggregate.user_id, steps.flatMap(toParticipantStep))
  })
}

function toParticipantStep({ event, before, after }: Step) {
  if (after?.kind !== 'participant') return []
  return [{ event, before: before?.kind === 'participant' ? before : undefined, after }]
}

/** The openings of the room after these events. */
export function openingsOf(events: readonly NorthboundEvent[], room_id: string): Opening[] {
  const ofRoom = events.filter(({ params }) => params.room_id === room_id)
  const own = historyOf(ofRoom.filter((event) => aggregateOf(event).kind === 'room'))
  const active = [...Map.groupBy(ofRoom, (event) => streamOf(aggregateOf(event))).values()]
    .flatMap(historyOf)
    .filter(isActivity)
    .map(orderKey)
  const listing = listOpenings({
    events: own,
    occupancies: new OccupancyIndex(occupanciesOf(events, room_id)),
  })
  let result = listing.next()
  while (!result.done) {
    const window = result.value
    result = listing.next(active.some((order) => isInWindow(order, window)))
  }
  return result.value
}

/** The sessions of all participants of the room after these events, with their names. */
export function sessionRowsOf(events: readonly NorthboundEvent[], room_id: string): SessionRow[] {
  const streams = Map.groupBy(events, (event) => streamOf(aggregateOf(event)))
  const closes = closesOf(historyOf(streams.get(streamOf({ kind: 'room', room_id })) ?? []))
  return [...streams.values()].flatMap((own) => {
    const aggregate = own[0] && aggregateOf(own[0])
    if (aggregate?.kind !== 'participant' || aggregate.room_id !== room_id) return []
    const { user_id } = aggregate
    const steps = foldSteps(undefined, historyOf(own), closes, rules)
    const past = collectPastEntries(steps).filter(isPastSession)
    const state = steps.at(-1)?.after
    const last = state?.kind === 'participant' ? state : undefined
    const rows = past.map(({ user_name, ...session }) => ({ room_id, user_id, user_name, session }))
    if (last === undefined || last.session === null) return rows
    return [...rows, { room_id, user_id, user_name: last.user_name, session: last.session }]
  })
}
