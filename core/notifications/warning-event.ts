import type { NorthboundEvent } from '../protocol/events.ts'

export type WarningEvent = NorthboundEvent & {
  readonly data: Extract<NorthboundEvent['data'], { event: 'warning_notify' }>
}

/** Warnings of kinds that the document does not define are published as `warning`. */
export type WarningKind = 'port_check' | 'warning'

export function kindOfWarning({ data }: WarningEvent): WarningKind {
  return data.event_type === 'check_port' ? 'port_check' : 'warning'
}

export function isWarning(event: NorthboundEvent): event is WarningEvent {
  return event.data.event === 'warning_notify'
}
