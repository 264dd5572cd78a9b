import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dynamodbCatalogReader } from '../../adapters/dynamodb/catalog-reader.ts'
import { documentClient } from '../../adapters/dynamodb/client.ts'
import { dynamodbRoomReader } from '../../adapters/dynamodb/room-reader.ts'
import type { RecordingRow } from '../../core/ports/catalog-reader.ts'
import { applyUntilDone } from '../support/apply.ts'
import { createTables, dynamodbDependencies, startDynalite } from '../support/dynamodb.ts'
import { event } from '../support/events.ts'

const recordingOf = (room_id: string, exporter_id: string, start_time: string) => ({
  room_id,
  exporter_id,
  start_time,
  event_type: 'success',
})
const events = [
  event('start_record', recordingOf('R', 'E', '1764100000'), { at: 1 }),
  event('start_record', recordingOf('R', 'E/2', '1764103600'), { at: 2 }),
  event('start_record', recordingOf('R', 'E', '1764107200'), { at: 3 }),
  event('record_transcoding_completion', recordingOf('R', 'E', '1764100000'), { at: 4 }),
  event('start_record', recordingOf('S', 'E', '1764110800'), { at: 5 }),
  event('start_record', recordingOf('R', 'E', 'not a time'), { at: 1_764_114_400_000 }),
]
const newestFirst = [
  ['R', 'E', 'not a time', 'recording'],
  ['S', 'E', '1764110800', 'recording'],
  ['R', 'E', '1764107200', 'recording'],
  ['R', 'E/2', '1764103600', 'recording'],
  ['R', 'E', '1764100000', 'ready'],
]
const summarize = ({ room_id, recording }: RecordingRow) => {
  const { exporter_id, start_time, status } = recording
  return [room_id, exporter_id, start_time, status]
}

describe('dynamodbCatalogReader', () => {
  let client: DynamoDBClient
  let stop: () => void
  let catalog: ReturnType<typeof dynamodbCatalogReader>
  let rooms: ReturnType<typeof dynamodbRoomReader>
  beforeAll(async () => {
    ;({ client, stop } = await startDynalite())
    const tables = await createTables(client)
    const documents = documentClient(client)
    for (const each of events) await applyUntilDone(dynamodbDependencies(documents, tables), [each])
    catalog = dynamodbCatalogReader(documents, tables.state)
    rooms = dynamodbRoomReader({ client: documents, eventLogTable: tables.eventLog, stateTable: tables.state })
  })
  afterAll(() => stop())

  it.each([1, 2, 100])('lists every recording of every exporter once, newest first, on pages of %i', async (limit) => {
    const rows: RecordingRow[] = []
    let cursor: string | null = null
    do {
      const page: Awaited<ReturnType<typeof catalog.listRecordings>> = await catalog.listRecordings({ limit, cursor })
      rows.push(...page.items)
      cursor = page.cursor
    } while (cursor !== null)
    expect(rows.map(summarize)).toEqual(newestFirst)
  })

  it('lists every recording of a room', async () => {
    const rows = await catalog.listRecordingsOfRoom('R')
    expect(rows.map(summarize).sort()).toEqual(newestFirst.filter(([room]) => room === 'R').sort())
    expect(rows.every(({ recording }) => !('earlier' in recording))).toBe(true)
  })

  it('agrees with the page of the room', async () => {
    const request = { limit: 100, cursor: null, presentOnly: false, maxBytes: 1_000_000 }
    const { recordings } = await rooms.readRoom('R', request)
    expect(recordings).toHaveLength(4)
  })
})
