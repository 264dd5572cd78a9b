import type { Parameters } from './events.ts'

/**
 * The event with which an operator checks from outside that callbacks arrive (docs/contract.md, section 3). It is logged like an event
 * of an unknown kind, and has no effect on anything else.
 */
export const probeEvent = 'northbound_probe'

/** The room that a probe names, so that its entries in the log can be read like those of a room. No projection of it ever exists. */
export const probeRoomId = 'northbound_probe'

/** The parameters of a probe without its signature. */
export function probeParameters(traceId: string): Parameters {
  return { event: probeEvent, trace_id: traceId, room_id: probeRoomId }
}
