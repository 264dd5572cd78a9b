import type { NorthboundEvent } from './events.ts'
import { probeEvent } from './probe.ts'

/** Whether the platform sent the event: neither a sweep nor an operator's check did. */
export function isGenuineCallback({ source, event }: Pick<NorthboundEvent, 'source' | 'event'>): boolean {
  return source === 'callback' && event !== probeEvent
}
