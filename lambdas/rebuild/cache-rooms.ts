import type { EventLog } from '../../core/ports/event-log.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'

/** Number of rooms that are cached at the same time. */
const maxRooms = 100

/**
 * Reads the events of each room once. The history of every participant includes the closes of the room, which a room of many
 * participants would otherwise be read for as many times. The events may be some seconds old.
 */
export function cacheRooms(log: EventLog): EventLog {
  const rooms = new Map<string, Promise<readonly NorthboundEvent[]>>()
  return {
    ...log,
    async visit(aggregate, since, visitor, signal) {
      if (aggregate.kind !== 'room') return log.visit(aggregate, since, visitor, signal)
      const cached = rooms.get(aggregate.room_id)
      if (cached === undefined && rooms.size >= maxRooms) rooms.clear()
      const events = cached ?? log.read(aggregate, signal)
      rooms.set(aggregate.room_id, events)
      for (const event of await events) if (event.received_at >= since) visitor(event)
    },
  }
}
