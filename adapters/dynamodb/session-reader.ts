import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { InvalidCursorError } from '../../core/ports/page.ts'
import { allTime } from '../../core/ports/period.ts'
import type { SessionReader, SessionRow } from '../../core/ports/session-reader.ts'
import { overlaps } from '../../core/state/session.ts'
import * as attributeNames from '../../names/attributes.ts'
import { encodeKeyCursor, parseKeyCursor } from './cursor.ts'
import { keyPart, streamKey, timelineKeys } from './keys.ts'
import type { QueryPage, StartKey } from './query.ts'
import { type CandidateSource, sessionStartsOfRoom, sessionsOfUser } from './session-candidates.ts'
import { readSessionRows, type SessionCandidate } from './session-rows.ts'
import { encodeTimelineCursor, parseTimelineCursor } from './timeline-cursor.ts'

export type SessionReaderOptions = {
  readonly client: DynamoDBDocumentClient
  readonly eventLogTable: string
  readonly stateTable: string
}

/** Candidates to read together even if fewer rows are missing: most of them may be reconnects. */
const minCandidates = 25
/** Pages of candidates for one page of sessions; a page that is not full after these still has a cursor. */
const maxCandidatePages = 20

const userSessionAttributes = [attributeNames.group, attributeNames.item, attributeNames.visited]

/**
 * Lists sessions by their start: the starts of a room's sessions are in its timeline, those of a user's in the `visits`
 * index. The sessions themselves are in the projections and in the items of past sessions (docs/decisions/0013).
 */
export function dynamodbSessionReader({ client, eventLogTable, stateTable }: SessionReaderOptions): SessionReader {
  const createRowReader = (signal: AbortSignal | undefined) => (candidates: readonly SessionCandidate[]) =>
    readSessionRows(client, stateTable, candidates, signal)
  return {
    async listByRoom(roomId, { limit, cursor, order }, signal) {
      const scope = {
        list: 'sessions' as const,
        keys: timelineKeys(roomId),
        stream: streamKey({ kind: 'room', room_id: roomId }),
        period: allTime,
      }
      const start = cursor === null ? undefined : parseTimelineCursor(cursor, scope)
      const source = sessionStartsOfRoom(client, eventLogTable, { roomId, start, order, limit }, signal)
      const { items, next } = await collectRows(limit, start, source, createRowReader(signal))
      return { items, cursor: encodeTimelineCursor(next, scope) }
    },

    async listByUser(userId, { limit, cursor, period = allTime }, signal) {
      const userKey = keyPart(userId)
      const start = userSessionStartKey(cursor, userKey)
      if (start !== undefined && Number(start.visited) >= period.to) throw new InvalidCursorError()
      const source = sessionsOfUser(client, stateTable, { userKey, limit, period }, signal)
      const readRows = createRowReader(signal)
      const { items, next } = await collectRows(limit, start, source, async (candidates) => {
        const rows = await readRows(candidates)
        return rows.map((row) => (row !== undefined && overlaps(row.session, period) ? row : undefined))
      })
      return { items, cursor: encodeKeyCursor(next, userSessionAttributes) }
    },
  }
}

/** Reads candidates until there are `limit` rows, no more candidates, or too many pages of them. */
async function collectRows(
  limit: number,
  start: StartKey | undefined,
  source: CandidateSource,
  readRows: (candidates: readonly SessionCandidate[]) => Promise<(SessionRow | undefined)[]>,
): Promise<QueryPage<SessionRow>> {
  const items: SessionRow[] = []
  let from = start
  for (let page = 0; page < maxCandidatePages; page++) {
    const { items: candidates, next } = await source(from)
    // Each candidate costs a read, so only about as many are read as there are rows missing.
    const chunkSize = Math.max(minCandidates, limit)
    for (let offset = 0; offset < candidates.length; offset += chunkSize) {
      const chunk = candidates.slice(offset, offset + chunkSize)
      for (const [index, row] of (await readRows(chunk)).entries()) {
        if (row === undefined) continue
        items.push(row)
        const isLast = offset + index === candidates.length - 1 && next === undefined
        if (items.length === limit) return { items, next: isLast ? undefined : chunk[index]?.key }
      }
    }
    from = next
    if (from === undefined) break
  }
  return { items, next: from }
}

/** @throws InvalidCursorError also for a session of another user. */
function userSessionStartKey(cursor: string | null, userKey: string): StartKey | undefined {
  if (cursor === null) return undefined
  const key = parseKeyCursor(cursor, userSessionAttributes)
  const item = String(key.item)
  // The item is either the participant's projection or a past session.
  const isOfUser = item === `user/${userKey}` || item.startsWith(`${userKey}/`)
  if (!String(key.group).startsWith('room/') || !isOfUser) throw new InvalidCursorError()
  return { ...key, visitor: userKey }
}
