import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { RoomDetails } from '../../core/ports/room-reader.ts'
import * as attributeNames from '../../names/attributes.ts'
import { indexes } from '../../names/indexes.ts'
import { readItems } from './batch-get.ts'
import { itemKey, roomGroup } from './keys.ts'
import type { ListingEntry } from './listing-entry.ts'
import { listingOrder, listingPartition, shardOf } from './listing-keys.ts'
import { stateOf } from './packed-state.ts'
import { type PastRecordingItem, recordingOf } from './past-item.ts'
import type { ProjectionItem } from './projection-item.ts'
import { queryAll, queryPage, type StartKey } from './query.ts'

export type StateTable = {
  readonly client: DynamoDBDocumentClient
  readonly stateTable: string
  readonly signal: AbortSignal | undefined
}

/** The entry of a present participant in the listing index. */
export type PresentEntry = Extract<ListingEntry, { user_id: string }>
export type RoomItems = Pick<RoomDetails, 'room' | 'recordings'>

/** The sort keys of participants start with it. */
export const participantPrefix = 'user/'
/** Requests for a room and its recordings; each reads up to 1 MB. */
const maxRoomRequests = 3

/** Lists the present participants, in the order of their keys. */
export async function listPresent({ client, stateTable, signal }: StateTable, roomId: string): Promise<PresentEntry[]> {
  const query = {
    TableName: stateTable,
    IndexName: indexes.listing,
    KeyConditionExpression: '#list = :list AND begins_with(#order, :prefix)',
    ExpressionAttributeNames: { '#list': attributeNames.list, '#order': attributeNames.listOrder },
    ExpressionAttributeValues: {
      ':list': listingPartition('open', shardOf(roomId)),
      ':prefix': listingOrder(roomId, ''),
    },
  }
  const items = await queryAll<{ readonly listed: PresentEntry }>(client, query, signal)
  return items.map(({ listed }) => listed)
}

export async function readRoom({ client, stateTable, signal }: StateTable, roomId: string): Promise<RoomItems> {
  const key = itemKey({ kind: 'room', room_id: roomId })
  const items = await readItems<ProjectionItem>(client, stateTable, [key], { consistent: false, signal })
  return { room: roomStateOf([...items.values()]), recordings: [] }
}

/**
 * Reads backwards: the room comes first, and as many of its recordings as fit follow. Participants with the keys of before the
 * room was spread would come before it, and are ignored (docs/runbook.md).
 */
export async function readRoomAndRecordings(
  { client, stateTable, signal }: StateTable,
  roomId: string,
): Promise<RoomItems> {
  const query = {
    TableName: stateTable,
    KeyConditionExpression: '#group = :group AND #item < :participants',
    ExpressionAttributeNames: { '#group': attributeNames.group, '#item': attributeNames.item },
    ExpressionAttributeValues: { ':group': roomGroup(roomId), ':participants': participantPrefix },
    ScanIndexForward: false,
  }
  const items: (ProjectionItem | PastRecordingItem)[] = []
  let start: StartKey | undefined
  for (let request = 0; request < maxRoomRequests; request++) {
    const page = await queryPage<ProjectionItem | PastRecordingItem>(client, query, start, signal)
    items.push(...page.items)
    start = page.next
    if (start === undefined) break
  }
  return { room: roomStateOf(items), recordings: items.flatMap((item) => recordingOf(item) ?? []) }
}

function roomStateOf(items: readonly (ProjectionItem | PastRecordingItem)[]): RoomDetails['room'] {
  const states = items.map((item) => ('state' in item ? stateOf(item) : undefined))
  return states.find((state) => state?.kind === 'room')
}
