import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { documentClient } from '../../adapters/dynamodb/client.ts'
import { dynamodbMeetingReader } from '../../adapters/dynamodb/meeting-reader.ts'
import { dynamodbSessionReader } from '../../adapters/dynamodb/session-reader.ts'
import { InvalidCursorError } from '../../core/ports/page.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { overlaps } from '../../core/state/session.ts'
import { applyUntilDone } from '../support/apply.ts'
import { createTables, dynamodbDependencies, startDynalite } from '../support/dynamodb.ts'
import { anyDeliveries, cut, event } from '../support/events.ts'
import { countRequests, readPages } from '../support/pages.ts'
import { expectedRows, flatten, sorted } from '../support/session-rows.ts'

describe('sessions that overlap an interval', () => {
  let client: DynamoDBClient
  let stop: () => void
  beforeAll(async () => {
    ;({ client, stop } = await startDynalite())
  })
  afterAll(() => stop())

  async function applyToTables(events: readonly NorthboundEvent[]) {
    const documents = documentClient(client)
    const tables = await createTables(client)
    for (const part of cut(events, [100])) await applyUntilDone(dynamodbDependencies(documents, tables), part)
    const options = { client: documents, eventLogTable: tables.eventLog, stateTable: tables.state }
    return { sessions: dynamodbSessionReader(options), meetings: dynamodbMeetingReader(options), documents }
  }

  it('of a user are those of the fold, each once, newest first; of a room are among those read', async () => {
    const moment = fc.integer({ min: 0, max: 100 })
    await fc.assert(
      fc.asyncProperty(anyDeliveries, moment, moment, fc.constantFrom(1, 3), async (events, first, length, limit) => {
        const { sessions, meetings } = await applyToTables(events)
        const lastAt = Math.max(...events.map(({ received_at }) => received_at))
        const from = Math.floor((first * lastAt) / 100)
        const period = { from, to: from + 1 + Math.floor((length * lastAt) / 100) }
        const wanted = expectedRows(events).filter((row) => overlaps(row, period))
        for (const user of ['U1', 'U2', 'U3']) {
          const rows = await readPages((cursor) => sessions.listByUser(user, { limit, cursor, period }))
          expect(sorted(rows.map(flatten))).toEqual(sorted(wanted.filter(({ user_id }) => user_id === user)))
          const times = rows.map(({ session }) => session.joined_at)
          expect(times).toEqual(times.toSorted((one, other) => other - one))
        }
        for (const room of ['R1', 'R2']) {
          const rows = (await meetings.readRoomSessions(room, period)).filter(({ session }) =>
            overlaps(session, period),
          )
          expect(sorted(rows.map(flatten))).toEqual(sorted(wanted.filter(({ room_id }) => room_id === room)))
        }
      }),
      { numRuns: 40 },
    )
  })

  it('of a user are found with few requests among many that ended before', async () => {
    const long = { room_id: 'long', user_id: 'U' }
    const short = { room_id: 'short', user_id: 'U' }
    const events = [
      event('join', long, { at: 1 }),
      ...Array.from({ length: 200 }, (_, index) => [
        event('join', short, { at: 10 + index * 20_000 }),
        event('leave', { ...short, event_type: 'normal' }, { at: 10_010 + index * 20_000 }),
      ]).flat(),
      event('join', { room_id: 'late', user_id: 'U' }, { at: 9_000_000 }),
    ]
    const { sessions, documents } = await applyToTables(events)
    const requests = countRequests(documents)
    const period = { from: 8_000_000, to: 10_000_000 }
    const rows = await readPages((cursor) => sessions.listByUser('U', { limit: 10, cursor, period }))
    expect(rows.map(({ room_id }) => room_id)).toEqual(['late', 'long'])
    expect(requests()).toBeLessThanOrEqual(10)
  })

  it('of a user have a cursor that is valid for the interval only', async () => {
    const join = (room_id: string, at: number) => event('join', { room_id }, { at })
    const { sessions } = await applyToTables([join('A', 1), join('B', 2)])
    const { cursor } = await sessions.listByUser('U', { limit: 1, cursor: null })
    const request = { limit: 1, cursor, period: { from: 0, to: 2 } }
    await expect(sessions.listByUser('U', request)).rejects.toThrow(InvalidCursorError)
  })
})

describe('overlaps', () => {
  const period = { from: 10, to: 20 }
  it.each([
    [5, null, true],
    [5, 10, false],
    [5, 11, true],
    [10, 10, true],
    [19, null, true],
    [20, 30, false],
    [20, null, false],
  ])('says whether a session from %s to %s is in the period: %s', (joined_at, at, expected) => {
    const end = at === null ? null : { at, reason: 'normal', estimated: false }
    const session = { joined_at, start_estimated: false, endpoint_type: null, reconnects: 0, end }
    expect(overlaps(session, period)).toBe(expected)
  })
})
