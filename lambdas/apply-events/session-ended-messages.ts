import pMap from 'p-map'
import { toSessionEnded } from '../../core/notifications/room-event.ts'
import type { EventLog } from '../../core/ports/event-log.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { orderKey, timeOfOrder } from '../../core/state/order.ts'
import type { CloseEnd } from './close-ends.ts'
import type { OutgoingMessage } from './replay-ends.ts'

const roomConcurrency = 4

/**
 * Builds the `session_ended` messages of sessions that closes ended. The closes that are not in the batch are read from the log.
 *
 * @param ends whose `change` is known.
 * @param events of the batch.
 */
export async function toSessionEndedMessages(
  log: EventLog,
  ends: readonly CloseEnd[],
  events: readonly NorthboundEvent[],
  signal: AbortSignal,
): Promise<OutgoingMessage[]> {
  const received = new Map(events.map((event) => [orderKey(event), event]))
  const messages = await pMap(
    Map.groupBy(ends, ({ participant }) => participant.room_id),
    async ([room_id, ofRoom]) => {
      const missing = ofRoom.map(({ order }) => order).filter((order) => !received.has(order))
      const closes = new Map([...received, ...(await readCloses(log, room_id, missing, signal))])
      return ofRoom.flatMap((end) => toMessage(end, closes.get(end.order)))
    },
    { concurrency: roomConcurrency },
  )
  return messages.flat()
}

/** A close that has expired has no message. */
function toMessage({ participant, change, causes }: CloseEnd, close: NorthboundEvent | undefined): OutgoingMessage[] {
  if (close === undefined || change === undefined) return []
  return [{ message: { body: toSessionEnded(close, participant, change), room_id: participant.room_id }, causes }]
}

async function readCloses(
  log: EventLog,
  room_id: string,
  orders: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, NorthboundEvent>> {
  const closes = new Map<string, NorthboundEvent>()
  if (orders.length === 0) return closes
  const wanted = new Set(orders)
  const visit = (event: NorthboundEvent) => void (wanted.has(orderKey(event)) && closes.set(orderKey(event), event))
  await log.visit({ kind: 'room', room_id }, Math.min(...orders.map(timeOfOrder)), visit, signal)
  return closes
}
