import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { BoxRow, CatalogReader, RecordingRow } from '../../core/ports/catalog-reader.ts'
import { InvalidCursorError, type PageRequest } from '../../core/ports/page.ts'
import * as attributeNames from '../../names/attributes.ts'
import { indexes } from '../../names/indexes.ts'
import { readItems } from './batch-get.ts'
import { encodeKeyCursor, parseKeyCursor } from './cursor.ts'
import { type ItemKey, itemKey, keyText, roomGroup } from './keys.ts'
import { boxesPartition, recordingsPartition } from './listing-keys.ts'
import { stateOf } from './packed-state.ts'
import { type PastItem, recordingOf } from './past-item.ts'
import type { ProjectionItem } from './projection-item.ts'
import { buildPrefixQuery, queryAll, queryPage, type StartKey } from './query.ts'

type CatalogPartition = typeof recordingsPartition | typeof boxesPartition

export function dynamodbCatalogReader(client: DynamoDBDocumentClient, stateTable: string): CatalogReader {
  /** Reads the items that exist, in the order of the keys. */
  async function readInOrder<Item extends ItemKey>(
    keys: readonly ItemKey[],
    signal: AbortSignal | undefined,
  ): Promise<Item[]> {
    const found = await readItems<Item>(client, stateTable, keys, { consistent: false, signal })
    return keys.flatMap((key) => found.get(keyText(key)) ?? [])
  }

  /** Reads one page of a partition of the listing index, which holds keys only, with its items. */
  async function listPage<Item extends ItemKey>(
    list: CatalogPartition,
    { limit, cursor }: PageRequest,
    isForward: boolean,
    signal: AbortSignal | undefined,
  ) {
    const query = {
      TableName: stateTable,
      IndexName: indexes.listing,
      KeyConditionExpression: '#list = :list',
      ExpressionAttributeNames: { '#list': attributeNames.list },
      ExpressionAttributeValues: { ':list': list },
      ScanIndexForward: isForward,
      Limit: limit,
    }
    const { items: keys, next } = await queryPage<ItemKey>(client, query, startKeyOf(cursor, list), signal)
    return { items: await readInOrder<Item>(keys, signal), cursor: encodeKeyCursor(next, cursorAttributes) }
  }

  return {
    async listRecordings(page, signal) {
      const { items, cursor } = await listPage<ProjectionItem | PastItem>(recordingsPartition, page, false, signal)
      return { items: items.flatMap(toRecordingRow), cursor }
    },

    async listRecordingsOfRoom(roomId, signal) {
      const query = buildPrefixQuery(stateTable, roomGroup(roomId), 'recording/')
      const items = await queryAll<ProjectionItem | PastItem>(client, query, signal)
      return items.flatMap(toRecordingRow)
    },

    async listBoxes(page, signal) {
      const { items, cursor } = await listPage<ProjectionItem>(boxesPartition, page, true, signal)
      return { items: items.flatMap(toBoxRow), cursor }
    },

    async readClosingTimes(roomIds, signal) {
      const keys = [...new Set(roomIds)].map((room_id) => itemKey({ kind: 'room', room_id }))
      const rooms = await readInOrder<ProjectionItem>(keys, signal)
      return new Map(rooms.flatMap(closingTimeOf))
    },
  }
}

// Each of the following functions returns an empty list for an item of another kind.

function toRecordingRow(item: ProjectionItem | PastItem): RecordingRow[] {
  const recording = recordingOf(item)
  const { aggregate } = item
  return recording !== undefined && aggregate.kind === 'recording' ? [{ room_id: aggregate.room_id, recording }] : []
}

function toBoxRow(item: ProjectionItem): BoxRow[] {
  const state = stateOf(item)
  const { aggregate } = item
  return state?.kind === 'box' && aggregate.kind === 'box' ? [{ box_code: aggregate.box_code, state }] : []
}

function closingTimeOf(item: ProjectionItem): [roomId: string, closedAt: number][] {
  const state = stateOf(item)
  const { aggregate } = item
  if (aggregate.kind !== 'room' || state?.kind !== 'room') return []
  return state.status === 'closed' && state.closed_at !== null ? [[aggregate.room_id, state.closed_at]] : []
}

const cursorAttributes = [attributeNames.group, attributeNames.item, attributeNames.listOrder]

/** @throws InvalidCursorError */
function startKeyOf(cursor: string | null, list: CatalogPartition): StartKey | undefined {
  if (cursor === null) return undefined
  const key = parseKeyCursor(cursor, cursorAttributes)
  const isOfList =
    list === boxesPartition ? String(key.group).startsWith('box/') : String(key.item).startsWith('recording/')
  if (!isOfList) throw new InvalidCursorError()
  return { ...key, list }
}
