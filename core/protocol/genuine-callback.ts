import type { NorthboundEvent } from './events.ts'

/** The event with which an operator checks from outside that callbacks arrive (docs/contract.md, section 3). */
const probeEvent = 'northbound_probe'

/** Whether the platform sent the event: neither a sweep nor an operator's check did. */
export function isGenuineCallback({ source, event }: Pick<NorthboundEvent, 'source' | 'event'>): boolean {
  return source === 'callback' && event !== probeEvent
}
