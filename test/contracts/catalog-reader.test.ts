import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dynamodbCatalogReader } from '../../adapters/dynamodb/catalog-reader.ts'
import { documentClient } from '../../adapters/dynamodb/client.ts'
import { dynamodbRoomReader } from '../../adapters/dynamodb/room-reader.ts'
import type { RecordingRow } from '../../core/ports/catalog-reader.ts'
import { InvalidCursorError } from '../../core/ports/page.ts'
import { allTime } from '../../core/ports/period.ts'
import { applyUntilDone } from '../support/apply.ts'
import { createTables, dynamodbDependencies, startDynalite } from '../support/dynamodb.ts'
import { event } from '../support/events.ts'
import { readPages } from '../support/pages.ts'

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

  const read = (limit: number, period = allTime) =>
    readPages((cursor) => catalog.listRecordings({ limit, cursor, period }))

  it.each([1, 2, 100])('lists every recording of every exporter once, newest first, on pages of %i', async (limit) => {
    expect((await read(limit)).map(summarize)).toEqual(newestFirst)
  })

  it('lists the recordings that started in an interval, or were first reported in it if their start is not readable', async () => {
    const [hour, base] = [3_600_000, 1_764_100_000_000]
    for (const [from, to] of [
      [0, 0],
      [0, 1],
      [1, 3],
      [2, 4],
      [4, 5],
      [5, 9],
    ] as const) {
      const period = { from: base + from * hour, to: base + to * hour }
      const wanted = newestFirst.filter((_, index) => 4 - index >= from && 4 - index < to)
      expect((await read(1, period)).map(summarize)).toEqual(wanted)
    }
  })

  it('continues after each recording with its cursor', async () => {
    const { items } = await catalog.listRecordings({ limit: 100, cursor: null, period: allTime })
    for (const [index, { cursor }] of items.entries()) {
      const { items: rest } = await catalog.listRecordings({ limit: 100, cursor, period: allTime })
      expect(rest.map(summarize)).toEqual(newestFirst.slice(index + 1))
    }
  })

  it('rejects a cursor of another interval', async () => {
    const { cursor } = await catalog.listRecordings({ limit: 1, cursor: null, period: allTime })
    const period = { from: 0, to: 1_764_100_000_000 }
    await expect(catalog.listRecordings({ limit: 1, cursor, period })).rejects.toThrow(InvalidCursorError)
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
