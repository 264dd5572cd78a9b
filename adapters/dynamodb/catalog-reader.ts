import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { BoxRow, CatalogReader, RecordingRow } from '../../core/ports/catalog-reader.ts'
import { InvalidCursorError, type PageRequest } from '../../core/ports/page.ts'
import { allTime, isWithin, type Period } from '../../core/ports/period.ts'
import { timeKey, timeOfOrder } from '../../core/state/order.ts'
import * as attributeNames from '../../names/attributes.ts'
import { indexes } from '../../names/indexes.ts'
import { readItems } from './batch-get.ts'
import { encodeCursor, encodeKeyCursor, parseKeyCursor } from './cursor.ts'
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

  /** Reads one page of a partition of the listing index, which holds keys only. */
  async function listKeys(
    list: CatalogPartition,
    { limit, cursor }: PageRequest,
    { period, isForward }: { readonly period: Period; readonly isForward: boolean },
    signal: AbortSignal | undefined,
  ) {
    const isTimed = list === recordingsPartition
    const query = {
      TableName: stateTable,
      IndexName: indexes.listing,
      KeyConditionExpression: `#list = :list${isTimed ? ' AND #order BETWEEN :from AND :to' : ''}`,
      ExpressionAttributeNames: {
        '#list': attributeNames.list,
        ...(isTimed && { '#order': attributeNames.listOrder }),
      },
      // The text of a recording's time is followed by others, so it comes after the time alone.
      ExpressionAttributeValues: {
        ':list': list,
        ...(isTimed && { ':from': timeKey(period.from), ':to': timeKey(period.to) }),
      },
      ScanIndexForward: isForward,
      Limit: limit,
    }
    return queryPage<ListingKey>(client, query, startKeyOf(cursor, list, period), signal)
  }

  return {
    async listRecordings({ period, ...page }, signal) {
      const { items: keys, next } = await listKeys(recordingsPartition, page, { period, isForward: false }, signal)
      const found = await readItems<ProjectionItem | PastItem>(client, stateTable, keys, { consistent: false, signal })
      const items = keys.flatMap((key) => {
        const item = found.get(keyText(key))
        const cursor = encodeCursor(cursorAttributes.map((name) => key[name]))
        return item === undefined ? [] : toRecordingRow(item).map((row) => ({ ...row, cursor }))
      })
      return { items, cursor: encodeKeyCursor(next, cursorAttributes) }
    },

    async listRecordingsOfRoom(roomId, signal) {
      const query = buildPrefixQuery(stateTable, roomGroup(roomId), 'recording/')
      const items = await queryAll<ProjectionItem | PastItem>(client, query, signal)
      return items.flatMap(toRecordingRow)
    },

    async listBoxes(page, signal) {
      const order = { period: allTime, isForward: true }
      const { items: keys, next } = await listKeys(boxesPartition, page, order, signal)
      const items = await readInOrder<ProjectionItem>(keys, signal)
      return { items: items.flatMap(toBoxRow), cursor: encodeKeyCursor(next, cursorAttributes) }
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

const cursorAttributes = [attributeNames.group, attributeNames.item, attributeNames.listOrder] as const

type ListingKey = ItemKey & { readonly [attributeNames.listOrder]: string }

/** @throws InvalidCursorError */
function startKeyOf(cursor: string | null, list: CatalogPartition, period: Period): StartKey | undefined {
  if (cursor === null) return undefined
  const key = parseKeyCursor(cursor, cursorAttributes)
  const isOfList =
    list === boxesPartition
      ? String(key.group).startsWith('box/')
      : String(key.item).startsWith('recording/') && isWithin(timeOfOrder(String(key.list_order)), period)
  if (!isOfList) throw new InvalidCursorError()
  return { ...key, list }
}
