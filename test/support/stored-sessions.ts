import { BatchWriteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { toPastItem } from '../../adapters/dynamodb/past-item.ts'
import { toProjectionItem } from '../../adapters/dynamodb/projection-item.ts'
import { pastEntryKey } from '../../core/projection/past-entries.ts'
import { emptyProjection } from '../../core/projection/projection.ts'
import { unusedRoom } from '../../core/state/room.ts'
import type { PastSession } from '../../core/state/session.ts'

/** DynamoDB's limit of one BatchWriteItem request. */
const maxBatchItems = 25
const writeConcurrency = 8
const retentionDays = 400
const firstAt = Date.UTC(2026, 10, 2, 8)

/** Writes closed rooms with past sessions directly into the state table. */
export async function storeSessions(
  client: DynamoDBDocumentClient,
  stateTable: string,
  { rooms, sessionsPerRoom }: { readonly rooms: number; readonly sessionsPerRoom: number },
): Promise<void> {
  const items = Array.from({ length: rooms }, (_, room) =>
    listItems(`room-${String(room).padStart(5, '0')}`, sessionsPerRoom),
  )
  const batches = items.flat().reduce<object[][]>((all, item) => {
    const last = all.at(-1)
    if (last === undefined || last.length === maxBatchItems) all.push([item])
    else last.push(item)
    return all
  }, [])
  for (let start = 0; start < batches.length; start += writeConcurrency) {
    const group = batches.slice(start, start + writeConcurrency)
    await Promise.all(
      group.map((batch) => {
        const requests = batch.map((Item) => ({ PutRequest: { Item } }))
        return client.send(new BatchWriteCommand({ RequestItems: { [stateTable]: requests } }))
      }),
    )
  }
}

function listItems(room_id: string, sessions: number): object[] {
  const room = { kind: 'room', room_id } as const
  const state = { ...unusedRoom, opened_at: firstAt, closed_at: firstAt + 7_200_000, close_reason: 'auto' }
  const past = Array.from({ length: sessions }, (_, index) => {
    const joined_at = firstAt + index * 1000
    const session: PastSession = {
      joined_at,
      start_estimated: false,
      endpoint_type: 'web',
      reconnects: 0,
      end: { at: joined_at + 3_600_000, reason: 'normal', estimated: false },
      user_name: `学员 ${index}`,
    }
    const user = { kind: 'participant', room_id, user_id: `0${index}` } as const
    return toPastItem(user, { key: pastEntryKey(session), entry: session }, 1, retentionDays)
  })
  return [toProjectionItem({ ...emptyProjection(room), state, watermark: '' }, retentionDays), ...past]
}
