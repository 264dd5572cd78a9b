import type { ParticipantRow, RoomDetails, RoomPageRequest } from '../../core/ports/room-reader.ts'
import { isPresent } from '../../core/state/participant.ts'
import * as attributeNames from '../../names/attributes.ts'
import { readItems } from './batch-get.ts'
import { itemKey, keyPart, keyText, roomGroup } from './keys.ts'
import { stateOf } from './packed-state.ts'
import { addParticipant, isFull, missingRows, type ParticipantPage } from './participant-page.ts'
import type { ProjectionItem } from './projection-item.ts'
import { buildPrefixQuery, queryPage, type StartKey } from './query.ts'
import {
  listPresent,
  type PresentEntry,
  participantPrefix,
  readRoom,
  readRoomAndRecordings,
  type StateTable,
} from './room-items.ts'
import { encodeRoomPosition, parseRoomPosition, type RoomPosition } from './room-position.ts'

/** Requests for participants who left; a page that is not full after these still has a cursor. */
const maxLeftRequests = 10
const presentChunkSize = 100

/**
 * Reads a page of a room: first the present participants, whom the listing index names, then those who left
 * (docs/decisions/0024). The room comes with every page, its recordings with the first.
 *
 * @throws InvalidCursorError
 */
export async function readRoomPage(table: StateTable, roomId: string, request: RoomPageRequest): Promise<RoomDetails> {
  const { limit, cursor, presentOnly, maxBytes } = request
  const start = cursor === null ? undefined : parseRoomPosition(cursor, roomId, presentOnly)
  const [details, present] = await Promise.all([
    start === undefined ? readRoomAndRecordings(table, roomId) : readRoom(table, roomId),
    listPresent(table, roomId),
  ])
  const page: ParticipantPage = { rows: [], bytes: 0, limit, maxBytes }
  const next = await fillPage(table, roomId, page, start ?? { phase: 'present', after: '' }, present, presentOnly)
  const joined = present.map(({ joined_at }) => joined_at)
  return { ...details, joined, participants: page.rows, cursor: encodeRoomPosition(next, roomId) }
}

/** @returns where the next page starts; undefined after the last page. */
async function fillPage(
  table: StateTable,
  roomId: string,
  page: ParticipantPage,
  start: RoomPosition,
  present: readonly PresentEntry[],
  presentOnly: boolean,
): Promise<RoomPosition | undefined> {
  if (start.phase === 'left') return addLeft(table, roomId, page, start.after, present.length)
  const next = await addPresent(table, roomId, page, start.after, present)
  if (next !== undefined || presentOnly) return next
  return isFull(page) ? { phase: 'left', after: '' } : addLeft(table, roomId, page, '', present.length)
}

async function addPresent(
  { client, stateTable, signal }: StateTable,
  roomId: string,
  page: ParticipantPage,
  start: string,
  present: readonly PresentEntry[],
): Promise<RoomPosition | undefined> {
  const pending = present.filter(({ user_id }) => isAfter(keyPart(user_id), start))
  let after = start
  for (let index = 0; index < pending.length; ) {
    if (isFull(page)) return { phase: 'present', after }
    const entries = pending.slice(index, index + Math.min(presentChunkSize, missingRows(page)))
    index += entries.length
    const keys = entries.map(({ user_id }) => itemKey({ kind: 'participant', room_id: roomId, user_id }))
    const items = await readItems<ProjectionItem>(client, stateTable, keys, { consistent: false, signal })
    for (const [position, { user_id }] of entries.entries()) {
      const item = items.get(keyText(keys[position] ?? { group: '', item: '' }))
      const row = item && toParticipantRow(item)
      // Someone who has just left comes with the others.
      const isListed = row !== undefined && isPresent(row.state)
      if (isListed && addParticipant(page, row) === 'page_full') return { phase: 'present', after }
      after = keyPart(user_id)
    }
  }
  return undefined
}

/** @param presentCount number of items that the filter may drop, so that one request usually fills the page. */
async function addLeft(
  { client, stateTable, signal }: StateTable,
  roomId: string,
  page: ParticipantPage,
  start: string,
  presentCount: number,
): Promise<RoomPosition | undefined> {
  const group = roomGroup(roomId)
  const query = buildPrefixQuery(stateTable, group, participantPrefix)
  // Only present participants have no time to live.
  const filtered = {
    ...query,
    FilterExpression: 'attribute_exists(#expires)',
    ExpressionAttributeNames: { ...query.ExpressionAttributeNames, '#expires': attributeNames.expiresAt },
  }
  let after = start
  for (let request = 0; request < maxLeftRequests; request++) {
    const input = { ...filtered, Limit: missingRows(page) + presentCount + 1 }
    const startKey: StartKey | undefined = after === '' ? undefined : { group, item: `${participantPrefix}${after}` }
    const { items, next } = await queryPage<ProjectionItem>(client, input, startKey, signal)
    for (const item of items) {
      const row = toParticipantRow(item)
      if (row !== undefined && addParticipant(page, row) === 'page_full') return { phase: 'left', after }
      after = userKeyOf(item.item)
    }
    if (next === undefined) return undefined
    after = userKeyOf(String(next.item))
  }
  return { phase: 'left', after }
}

function userKeyOf(item: string): string {
  return item.slice(participantPrefix.length)
}

/** Whether a key comes later in DynamoDB's order of keys, which compares UTF-8 bytes. */
function isAfter(key: string, position: string): boolean {
  return Buffer.compare(Buffer.from(key), Buffer.from(position)) > 0
}

/** @returns undefined for users who were mentioned by an event but were never in the room. */
function toParticipantRow(item: ProjectionItem): ParticipantRow | undefined {
  const state = stateOf(item)
  if (state?.kind !== 'participant' || item.aggregate.kind !== 'participant' || state.session === null) return undefined
  return { user_id: item.aggregate.user_id, state }
}
