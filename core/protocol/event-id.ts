import { createHash } from 'node:crypto'
import type { NorthboundEvent } from './events.ts'

type EventContent = Pick<NorthboundEvent, 'trace_id' | 'source' | 'params'>

/** Hashes `trace_id`, source and parameters in any order, but not the time of receipt, which differs between duplicates. */
export function hashContent({ trace_id, source, params }: EventContent): Buffer {
  const entries = Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256')
    .update(JSON.stringify([trace_id, source, entries]))
    .digest()
}

/**
 * The `id` of an event on the room-event topic (docs/contract.md, section 7): 128 bits as 22 base64url characters. It follows
 * from the logged event alone. The aggregate is not hashed in, because the parameters and the `trace_id` determine it.
 */
export function eventId(event: EventContent): string {
  return hashContent(event).toString('base64url', 0, 16)
}
