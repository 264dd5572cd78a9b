import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { readCheckpoints } from '../../adapters/dynamodb/checkpoint-reader.ts'
import { readStream, visitStream } from '../../adapters/dynamodb/event-stream.ts'
import { readOverlappingSessions } from '../../adapters/dynamodb/overlapping-sessions.ts'
import { readTimeline, readWarnings } from '../../adapters/dynamodb/timeline-reader.ts'
import { scanTimeline } from '../../adapters/dynamodb/timeline-scan.ts'
import type { Page } from '../../core/ports/page.ts'
import type { Period } from '../../core/ports/period.ts'
import type { TimelineEntry } from '../../core/ports/room-reader.ts'
import type { Checkpoint } from '../../core/projection/checkpoints.ts'
import { compactEvent } from '../../core/protocol/compact-event.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import type { ParticipantId } from '../../core/state/aggregate.ts'
import { timeOfOrder } from '../../core/state/order.ts'
import type { ReplaySource } from './position.ts'

/** Reads what a replay needs from the log and, for sessions, from the state. */
export interface LoggedEvents {
  /** Yields the events of an interval in no order, of one room or of all rooms and media servers. */
  scan(room_id: string | undefined, period: Period): AsyncIterable<readonly TimelineEntry[]>
  /** Reads the next events of a room or a media server in the order of the log. */
  readPage(source: ReplaySource, period: Period, cursor: string | null): Promise<Page<TimelineEntry>>
  /** Reads all events of a room itself, in any order. */
  readRoom(room_id: string): Promise<readonly NorthboundEvent[]>
  /** Reads the last checkpoint of a participant before a time (ms), and the events since, in any order. */
  readParticipant(participant: ParticipantId, before: number): Promise<ParticipantHistory>
  /** Lists the users whose sessions ended at a time (ms) because the room was closed. */
  listEndedByClose(room_id: string, at: number): Promise<readonly string[]>
}

export type ParticipantHistory = {
  readonly base: Checkpoint | undefined
  readonly events: readonly NorthboundEvent[]
}

export type EventTables = {
  readonly client: DynamoDBDocumentClient
  readonly eventLogTable: string
  readonly stateTable: string
  readonly signal: AbortSignal
}

/** Events that are read and published before the position advances. */
const pageSize = 100
const scanPageSize = 1000
/** People who have ever been in a room, whose last sessions are read to find those that a close ended. */
const maxSessions = 200_000

export function dynamodbLoggedEvents({ client, eventLogTable, stateTable, signal }: EventTables): LoggedEvents {
  const log = { client, eventLogTable, signal }

  async function* scanRoom(room_id: string, period: Period): AsyncGenerator<readonly TimelineEntry[]> {
    let cursor: string | null = null
    do {
      const request = { limit: scanPageSize, cursor, order: 'oldest', period } as const
      const page: Page<TimelineEntry> = await readTimeline(log, room_id, request)
      yield page.items
      cursor = page.cursor
    } while (cursor !== null)
  }

  return {
    scan: (room_id, period) =>
      room_id === undefined ? scanTimeline(client, eventLogTable, period, signal) : scanRoom(room_id, period),
    readPage({ kind, id }, period, cursor) {
      const request = { limit: pageSize, cursor, order: 'oldest', period } as const
      return kind === 'room' ? readTimeline(log, id, request) : readWarnings(log, id, request)
    },
    readRoom: (room_id) => readStream(client, eventLogTable, { kind: 'room', room_id }, signal),
    async readParticipant(participant, before) {
      const checkpoints = await readCheckpoints(client, stateTable, participant, signal)
      const base = checkpoints.findLast(({ order }) => timeOfOrder(order) < before)
      const events: NorthboundEvent[] = []
      const visit = {
        aggregate: participant,
        since: base === undefined ? 0 : timeOfOrder(base.order),
        visitor: (event: NorthboundEvent) => void events.push(compactEvent(event)),
      }
      await visitStream(client, eventLogTable, visit, signal)
      return { base, events }
    },
    async listEndedByClose(room_id, at) {
      const sessions = await readOverlappingSessions({ client, stateTable, signal }, room_id, moment(at))
      const ended = sessions.filter(({ session: { end } }) => end?.reason === 'room_closed' && end.at === at)
      return [...new Set(ended.map(({ user_id }) => user_id))]
    },
  }
}

function moment(at: number) {
  return { interval: { from: at, to: at }, maxSessions }
}
