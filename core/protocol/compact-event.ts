import type { NorthboundEvent, Parameters } from './events.ts'

const noParameters: Parameters = {}

/**
 * Reduces an event to what a fold needs, so that a long history fits into memory: parameters are dropped, except for leaves, which
 * may be published again.
 */
export function compactEvent(parsed: NorthboundEvent): NorthboundEvent {
  const { trace_id, received_at, source, event, params, data } = parsed
  return { trace_id, received_at, source, event, params: data.event === 'leave' ? params : noParameters, data }
}
