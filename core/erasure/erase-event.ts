import { type NorthboundEvent, parseEvent } from '../protocol/events.ts'
import { aggregateOf } from '../state/aggregate.ts'
import { findDisplayNames, findUserParameters, namesSubject } from './user-parameters.ts'

/** Replaces what an event said about a person whose data were erased. */
const erasedValue = '[erased]'

/**
 * Removes what an event says about people who have been erased (docs/contract.md, section 8).
 *
 * An event about such a person is erased as a whole. Any other event only loses the person's id and name: others depend on it,
 * as the close of a room ends the sessions of all. Neither is part of any state, so no state changes.
 *
 * @param isErased whether a user id is that of such a person.
 * @returns the event itself if it names none of them.
 */
export function eraseFromEvent(
  event: NorthboundEvent,
  isErased: (userId: string) => boolean,
): NorthboundEvent | 'erased' {
  const { params, trace_id, received_at, source } = event
  const found = findUserParameters(params, isErased)
  if (found.length === 0) return event
  const aggregate = aggregateOf(event)
  if (aggregate.kind === 'participant' && isErased(aggregate.user_id)) return 'erased'
  // Nothing depends on an event of an unknown kind.
  if (aggregate.kind === 'other' && found.some(namesSubject)) return 'erased'
  const removed = new Set([...found, ...findDisplayNames(params, found)])
  const kept = Object.entries(params).map(([name, value]) => [name, removed.has(name) ? erasedValue : value])
  return parseEvent({ trace_id, received_at, source }, Object.fromEntries(kept))
}
