import type { ParticipantRow, RoomDetails, RoomPageRequest } from '../../core/ports/room-reader.ts'
import { isPresent } from '../../core/state/participant.ts'
import { readItems } from './batch-get.ts'
import { itemKey, keyPart, keyText } from './keys.ts'
import { stateOf } from './packed-state.ts'
import { addParticipant, isFull, missingRows, type ParticipantPage } from './participant-page.ts'
import type { ProjectionItem } from './projection-item.ts'
import { listPresent, type PresentEntry, readRoom, readRoomAndRecordings, type StateTable } from './room-items.ts'
import { compareKeys, queryPeople, type RoomPeople, userKeyOf } from './room-people.ts'
import { encodeRoomPosition, parseRoomPosition, type RoomPosition } from './room-position.ts'

const presentChunkSize = 100
/** Requests for people by key, besides two for the room and those who are present. A page may end with fewer people. */
const maxChunks = 10
/** The same if all partitions are queried as well: a page needs at most twelve requests (docs/decisions/0030). */
const maxChunksAfterQuery = 2

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
  const wanted = page.limit + present.length
  if (start.phase === 'left') return addLeft(page, start.after, await queryPeople(table, roomId, start.after, wanted))
  const pending = present.filter(({ user_id }) => compareKeys(keyPart(user_id), start.after) > 0)
  const needsQuery = !presentOnly && isQueryWorthwhile(page.limit, start, pending.length)
  const people = needsQuery ? await queryPeople(table, roomId, '', wanted) : undefined
  const next = await addPresent(table, roomId, page, start.after, pending, people)
  if (next !== undefined || presentOnly) return next
  return people === undefined ? { phase: 'left', after: '' } : addLeft(page, '', people)
}

/**
 * Whether to query all partitions before people are read by key. For a small room, or a large page, the queries find most people
 * and those who left as well, with fewer requests and read units.
 */
function isQueryWorthwhile(limit: number, { after }: RoomPosition, pendingCount: number): boolean {
  const maxRead = maxChunksAfterQuery * presentChunkSize
  return (pendingCount < limit && pendingCount <= maxRead) || (after === '' && limit > maxRead)
}

/** @param people who have been read already, and need not be read by key. */
async function addPresent(
  { client, stateTable, signal }: StateTable,
  roomId: string,
  page: ParticipantPage,
  start: string,
  pending: readonly PresentEntry[],
  people: RoomPeople | undefined,
): Promise<RoomPosition | undefined> {
  let chunks = people === undefined ? maxChunks : maxChunksAfterQuery
  let after = start
  for (let index = 0; index < pending.length; ) {
    if (isFull(page)) return { phase: 'present', after }
    const entries = pending.slice(index, index + Math.min(presentChunkSize, missingRows(page)))
    index += entries.length
    const keys = entries.map(({ user_id }) => itemKey({ kind: 'participant', room_id: roomId, user_id }))
    const unread = keys.filter((key) => !people?.found.has(keyText(key)))
    if (unread.length > 0 && chunks-- === 0) return { phase: 'present', after }
    const items = await readItems<ProjectionItem>(client, stateTable, unread, { consistent: false, signal })
    for (const [position, { user_id }] of entries.entries()) {
      const key = keyText(keys[position] ?? { group: '', item: '' })
      const item = people?.found.get(key) ?? items.get(key)
      const row = item && toParticipantRow(item)
      // Someone who has just left comes with the others.
      const isListed = row !== undefined && isPresent(row.state)
      if (isListed && addParticipant(page, row) === 'page_full') return { phase: 'present', after }
      after = keyPart(user_id)
    }
  }
  return undefined
}

function addLeft(page: ParticipantPage, start: string, { items, end }: RoomPeople): RoomPosition | undefined {
  let after = start
  for (const item of items) {
    // Only present participants have no time to live.
    const row = item.expires_at === undefined ? undefined : toParticipantRow(item)
    if (row !== undefined && addParticipant(page, row) === 'page_full') return { phase: 'left', after }
    after = userKeyOf(item.item)
  }
  return end === undefined ? undefined : { phase: 'left', after: end }
}

/** @returns undefined for users who were mentioned by an event but were never in the room. */
function toParticipantRow(item: ProjectionItem): ParticipantRow | undefined {
  const state = stateOf(item)
  if (state?.kind !== 'participant' || item.aggregate.kind !== 'participant' || state.session === null) return undefined
  return { user_id: item.aggregate.user_id, state }
}
