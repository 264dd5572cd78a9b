import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb'
import type { BoxRow, CatalogReader, RecordingRow } from '../../core/ports/catalog-reader.ts'
import { InvalidCursorError, type Page, type PageRequest } from '../../core/ports/page.ts'
import { type ItemKey, keyText, readItems } from './batch-get.ts'
import { encodeCursor, partsOf } from './cursor.ts'
import { boxesPartition, itemKey, listingIndex, recordingsPartition } from './keys.ts'
import { type ProjectionItem, stateOf } from './projection-store.ts'

type Key = Readonly<Record<string, unknown>>

/** The lists of recordings, the latest first, and of boxes. */
export function dynamodbCatalogReader(client: DynamoDBDocumentClient, stateTable: string): CatalogReader {
  /** In the order of the keys. */
  async function read(keys: readonly ItemKey[]): Promise<ProjectionItem[]> {
    const found = await readItems<ProjectionItem>(client, stateTable, keys, { consistent: false })
    return keys.flatMap((key) => found.get(keyText(key)) ?? [])
  }

  /** A page of one partition of the listing index, as whole items. */
  async function pageOf(list: string, from: Key | undefined, limit: number, forward: boolean) {
    const answer = await client.send(
      new QueryCommand({
        TableName: stateTable,
        IndexName: listingIndex,
        KeyConditionExpression: '#list = :list',
        ExpressionAttributeNames: { '#list': 'list' },
        ExpressionAttributeValues: { ':list': list },
        ScanIndexForward: forward,
        ExclusiveStartKey: from,
        Limit: limit,
      }),
    )
    const rows = (answer.Items ?? []) as Pick<ProjectionItem, 'group' | 'item'>[]
    return { items: await read(rows), last: answer.LastEvaluatedKey }
  }

  async function listRecordingsOfRoom(roomId: string): Promise<RecordingRow[]> {
    const rows: RecordingRow[] = []
    let from: Key | undefined
    do {
      const answer = await client.send(
        new QueryCommand({
          TableName: stateTable,
          KeyConditionExpression: '#group = :group AND begins_with(#item, :recording)',
          ExpressionAttributeNames: { '#group': 'group', '#item': 'item' },
          ExpressionAttributeValues: {
            ':group': itemKey({ kind: 'room', room_id: roomId }).group,
            ':recording': 'recording/',
          },
          ExclusiveStartKey: from,
        }),
      )
      rows.push(...((answer.Items ?? []) as ProjectionItem[]).flatMap(recordingRow))
      from = answer.LastEvaluatedKey
    } while (from !== undefined)
    return rows
  }

  return {
    listRecordingsOfRoom,

    async listRecordings({ limit, cursor }: PageRequest): Promise<Page<RecordingRow>> {
      const { items, last } = await pageOf(recordingsPartition, placeIn(cursor, recordingsPartition), limit, false)
      return { items: items.flatMap(recordingRow), cursor: cursorOf(last) }
    },

    async listBoxes({ limit, cursor }: PageRequest): Promise<Page<BoxRow>> {
      const { items, last } = await pageOf(boxesPartition, placeIn(cursor, boxesPartition), limit, true)
      const boxes = items.flatMap((item): BoxRow[] => {
        const state = stateOf(item)
        const { aggregate } = item
        return state?.kind === 'box' && aggregate.kind === 'box' ? [{ box_code: aggregate.box_code, state }] : []
      })
      return { items: boxes, cursor: cursorOf(last) }
    },

    async readClosingTimes(roomIds) {
      const items = await read([...new Set(roomIds)].map((room_id) => itemKey({ kind: 'room', room_id })))
      return new Map(
        items.flatMap(({ aggregate, state }) =>
          aggregate.kind === 'room' && state?.kind === 'room' && state.status === 'closed' && state.closed_at !== null
            ? [[aggregate.room_id, state.closed_at] as const]
            : [],
        ),
      )
    },
  }
}

function recordingRow(item: ProjectionItem): RecordingRow[] {
  const state = stateOf(item)
  const { aggregate } = item
  return state?.kind === 'recording' && aggregate.kind === 'recording' ? [{ room_id: aggregate.room_id, state }] : []
}

const names = ['group', 'item', 'list_order'] as const

function cursorOf(last: Key | undefined): string | null {
  return last === undefined ? null : encodeCursor(names.map((name) => last[name]))
}

/** @throws InvalidCursorError */
function placeIn(cursor: string | null, list: string): Key | undefined {
  if (cursor === null) return undefined
  const [group, item, list_order, ...rest] = partsOf(cursor)
  const texts = [group, item, list_order].every((part) => typeof part === 'string' && part !== '')
  const fits = list === boxesPartition ? String(group).startsWith('box/') : String(item).startsWith('recording/')
  if (!texts || !fits || rest.length > 0) throw new InvalidCursorError()
  return { group, item, list_order, list }
}
