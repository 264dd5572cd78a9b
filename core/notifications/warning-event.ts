import type { NorthboundEvent } from '../protocol/events.ts'

export type WarningEvent = NorthboundEvent & {
  readonly data: Extract<NorthboundEvent['data'], { event: 'warning_notify' }>
}

export function isWarning(event: NorthboundEvent): event is WarningEvent {
  return event.data.event === 'warning_notify'
}
