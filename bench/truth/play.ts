import {
  type DeliveredCallback,
  type InstallationTrace,
  type RoomListOptions,
  RoomListReplay,
} from '@northbound/avd-simulator'
import { type NorthboundEvent, parseEvent } from '../../core/protocol/events.ts'
import type { TruthReceiver } from './receiver.ts'

/** The schedule of the deployed stack (docs/contract.md, section 2). */
const sweepIntervalMs = 60_000
/** From the start of a sweep until its corrections are applied: the list, the comparison and the queue. */
const correctionDelayMs = 2_000

/** Parses what arrives, once for all receivers. */
export function parseDeliveries(deliveries: readonly DeliveredCallback[]): NorthboundEvent[] {
  return deliveries.map(({ receivedAt: received_at, parameters }) =>
    parseEvent({ trace_id: parameters.trace_id ?? '', received_at, source: 'callback' }, parameters),
  )
}

/** Plays a trace to a receiver in virtual time: callbacks as they arrive, and a sweep every minute. */
export function play(
  receiver: TruthReceiver,
  trace: InstallationTrace,
  events: readonly NorthboundEvent[],
  listOptions: Partial<RoomListOptions>,
): void {
  const list = new RoomListReplay(trace, listOptions)
  let played = 0
  const playUntil = (time: number) => {
    for (let event = events[played]; event !== undefined && event.received_at < time; event = events[++played])
      receiver.receive(event, event.received_at)
  }
  for (let sweepAt = trace.startAt + sweepIntervalMs; sweepAt < trace.endAt; sweepAt += sweepIntervalMs) {
    playUntil(sweepAt)
    const corrections = receiver.sweep(list.list(sweepAt), sweepAt)
    if (corrections.length === 0) continue
    playUntil(sweepAt + correctionDelayMs)
    for (const correction of corrections) receiver.receive(correction, sweepAt + correctionDelayMs)
  }
  playUntil(trace.endAt)
}
