import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { MeetingReader } from '../../core/ports/meeting-reader.ts'
import { readItems } from './batch-get.ts'
import { readStream } from './event-stream.ts'
import { itemKey, keyText } from './keys.ts'
import { readOverlappingSessions } from './overlapping-sessions.ts'
import { stateOf } from './packed-state.ts'
import type { ProjectionItem } from './projection-item.ts'

export type MeetingReaderOptions = {
  readonly client: DynamoDBDocumentClient
  readonly eventLogTable: string
  readonly stateTable: string
  /** Sessions that one query may hold in memory. @default 200,000 */
  readonly maxSessions?: number
}

/** They take some 400 MB of 1,024, and 7 s of 13 (docs/decisions/0057). */
const defaultMaxSessions = 200_000

/** Reads a room with at least two requests, and its sessions with at least one of each of the 16 partitions. */
export function dynamodbMeetingReader({
  client,
  eventLogTable,
  stateTable,
  maxSessions = defaultMaxSessions,
}: MeetingReaderOptions): MeetingReader {
  return {
    async readRoomRecord(roomId, signal) {
      const room = { kind: 'room', room_id: roomId } as const
      const key = itemKey(room)
      const [events, items] = await Promise.all([
        readStream(client, eventLogTable, room, signal),
        readItems<ProjectionItem>(client, stateTable, [key], { consistent: true, signal }),
      ])
      const item = items.get(keyText(key))
      const state = item && stateOf(item)
      return { room: state?.kind === 'room' ? state : undefined, events }
    },

    readRoomSessions: (roomId, interval, signal) =>
      readOverlappingSessions({ client, stateTable, signal }, roomId, { interval, maxSessions }),
  }
}
