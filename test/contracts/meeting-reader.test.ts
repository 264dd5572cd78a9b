import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { documentClient } from '../../adapters/dynamodb/client.ts'
import { dynamodbMeetingReader } from '../../adapters/dynamodb/meeting-reader.ts'
import { splitOpening } from '../../core/meetings/meetings.ts'
import { indexOccupancies, listMeetings, selectHistory } from '../../core/meetings/room-meetings.ts'
import { TooManySessionsError } from '../../core/ports/meeting-reader.ts'
import { allTime, type Period } from '../../core/ports/period.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { OccupancyIndex } from '../../core/state/occupancy-index.ts'
import { applyUntilDone } from '../support/apply.ts'
import { createTables, dynamodbDependencies, startDynalite } from '../support/dynamodb.ts'
import { anyDeliveries, cut, event } from '../support/events.ts'
import { occupanciesOf, openingsOf } from '../support/room-openings.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

let client: DynamoDBClient
let stop: () => void
beforeAll(async () => {
  ;({ client, stop } = await startDynalite())
})
afterAll(() => stop())

async function applyToTables(events: readonly NorthboundEvent[]) {
  const documents = documentClient(client)
  const tables = await createTables(client)
  const dependencies = dynamodbDependencies(documents, tables)
  for (const part of cut(events, [100])) await applyUntilDone(dependencies, part)
  const options = { client: documents, eventLogTable: tables.eventLog, stateTable: tables.state }
  const reader = dynamodbMeetingReader(options)
  const createReader = (maxSessions: number) => dynamodbMeetingReader({ ...options, maxSessions })
  const list = async (room_id: string, period: Period, now: number) => {
    const record = await reader.readRoomRecord(room_id)
    const history = selectHistory(record, period)
    const sessions = await reader.readRoomSessions(room_id, { ...allTime, from: history.since })
    return listMeetings({ record, history, sessions, now }, indexOccupancies(sessions), period)
  }
  return { reader, createReader, documents, list }
}

describe('dynamodbMeetingReader', () => {
  it('reads the sessions of the fold that overlap a period', async () => {
    const time = fc.integer({ min: 0, max: 40 }).map((moment) => moment * 100_000)
    await fc.assert(
      fc.asyncProperty(anyDeliveries, time, time, async (events, one, other) => {
        const { reader } = await applyToTables(events)
        const period = { from: Math.min(one, other), to: Math.max(one, other) }
        for (const room of ['R1', 'R2']) {
          const rows = await reader.readRoomSessions(room, period)
          const starts = rows.map(({ user_id, session }) => [user_id, session.joined_at, session.end?.at ?? null])
          const expected = occupanciesOf(events, room)
            .filter(({ joined_at, left_at }) => joined_at <= period.to && (left_at ?? period.to) >= period.from)
            .map(({ user_id, joined_at, left_at }) => [user_id, joined_at, left_at])
          expect(starts.map(String).sort()).toEqual(expected.map(String).sort())
        }
      }),
      { numRuns: 6 },
    )
  })

  it('leads to the meetings of the fold of all events, in every period', async () => {
    const isReported = ({ source }: NorthboundEvent) => source === 'callback'
    const now = 3 * hour
    await fc.assert(
      fc.asyncProperty(anyDeliveries, fc.integer({ min: 0, max: 60 }), async (deliveries, moment) => {
        // Corrections are compared in the unit tests: here, earlier openings know only the activity that sessions show.
        const events = deliveries.filter(isReported)
        fc.pre(events.length > 0)
        const { list } = await applyToTables(events)
        const period = { from: moment * 150_000, to: allTime.to }
        for (const room of ['R1', 'R2']) {
          const expected = openingsOf(events, room)
            .flatMap((opening) => splitOpening(opening, new OccupancyIndex(occupanciesOf(events, room)), now))
            .filter(({ closed_at }) => closed_at === null || closed_at > period.from)
          const found = await list(room, period, now)
          expect(found.filter(({ closed_at }) => closed_at === null || closed_at > period.from)).toEqual(expected)
        }
      }),
      { numRuns: 6 },
    )
  })

  it('refuses to read more sessions of a room than it may hold in memory, unless the interval has fewer', async () => {
    const visits = Array.from({ length: 30 }, (_, index) => {
      const participant = { room_id: 'P', user_id: `U${index % 3}` }
      const at = index * day
      return [
        event('join', participant, { at: at + 1 }),
        event('leave', { ...participant, event_type: 'normal' }, { at: at + hour }),
      ]
    }).flat()
    const { createReader } = await applyToTables(visits)
    const readCount = async (maxSessions: number, interval: Period) =>
      (await createReader(maxSessions).readRoomSessions('P', interval)).length
    expect(await readCount(30, allTime)).toBe(30)
    await expect(readCount(29, allTime)).rejects.toThrow(TooManySessionsError)
    expect(await readCount(5, { from: 3 * day, to: 5 * day })).toBe(2)
  })

  it('reads a permanent room of a month with 200 people in at most 20 requests', async () => {
    // One lesson a day with seven of them, and a close only after each tenth.
    const lessons = Array.from({ length: 30 }, (_, index) => index).flatMap((index) => [
      event('open', { room_id: 'P' }, { at: index * day + 1 }),
      ...Array.from({ length: 7 }, (_, seat) => {
        const participant = { room_id: 'P', user_id: `U${(index * 7 + seat) % 200}` }
        const at = index * day + seat * 1000 + 2
        return [
          event('join', participant, { at }),
          event('leave', { ...participant, event_type: 'normal' }, { at: at + hour }),
        ]
      }).flat(),
      ...(index % 10 === 9
        ? [event('close', { room_id: 'P', event_type: 'auto' }, { at: index * day + 2 * hour })]
        : []),
    ])
    const { documents, list } = await applyToTables(lessons)
    const requests = countRequests(documents)
    const meetings = await list('P', allTime, 60 * day)
    expect(requests()).toBeLessThanOrEqual(20)
    expect(meetings).toHaveLength(30)
    expect(await list('P', { from: 12 * day, to: 14 * day }, 60 * day)).toEqual(meetings.slice(12, 14))
  })
})

function countRequests(documents: DynamoDBDocumentClient): () => number {
  let count = 0
  documents.middlewareStack.add(
    (next) => (args) => {
      count += 1
      return next(args)
    },
    { step: 'initialize' },
  )
  return () => count
}
