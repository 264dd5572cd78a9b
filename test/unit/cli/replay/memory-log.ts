import type { LoggedEvents } from '../../../../cli/replay/logged-events.ts'
import type { TimelineEntry } from '../../../../core/ports/room-reader.ts'
import type { Checkpoint } from '../../../../core/projection/checkpoints.ts'
import type { NorthboundEvent } from '../../../../core/protocol/events.ts'
import { aggregateOf } from '../../../../core/state/aggregate.ts'
import { compareOrder } from '../../../../core/state/order.ts'

/** Events on a page. */
const pageSize = 2

/** A log in memory, whose cursors are indexes. */
export function memoryLog(events: readonly NorthboundEvent[], quarantined: readonly NorthboundEvent[] = []) {
  /** The users whose sessions ended when a room was closed, by the time of the close. */
  const endedByClose = new Map<number, readonly string[]>()
  /** By user. */
  const checkpoints = new Map<string, Checkpoint>()
  /** The users whose histories were read. */
  const reads: string[] = []
  const toEntry = (event: NorthboundEvent): TimelineEntry => ({
    event,
    quarantined: quarantined.includes(event) ? 'too_late' : undefined,
  })
  const ofSource = (id: string) =>
    events.filter(({ data }) => ('box_code' in data ? data.box_code : 'room_id' in data && data.room_id) === id)
  const log: LoggedEvents = {
    async *scan(room_id) {
      yield (room_id === undefined ? events : ofSource(room_id)).map(toEntry)
    },
    async readPage({ id }, { from, to }, cursor) {
      const own = ofSource(id).filter(({ received_at }) => received_at >= from && received_at < to)
      const start = Number(cursor ?? 0)
      const items = own
        .toSorted(compareOrder)
        .slice(start, start + pageSize)
        .map(toEntry)
      return { items, cursor: start + pageSize < own.length ? String(start + pageSize) : null }
    },
    readRoom: async () => events.filter((event) => aggregateOf(event).kind === 'room'),
    async readParticipant({ user_id }) {
      reads.push(user_id)
      const own = events.filter((event) => {
        const aggregate = aggregateOf(event)
        return aggregate.kind === 'participant' && aggregate.user_id === user_id
      })
      return { base: checkpoints.get(user_id), events: own }
    },
    listEndedByClose: async (_room, at) => endedByClose.get(at) ?? [],
  }
  return { log, endedByClose, checkpoints, reads }
}
