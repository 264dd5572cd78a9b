import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { documentClient } from '../../adapters/dynamodb/client.ts'
import { dynamodbSessionReader } from '../../adapters/dynamodb/session-reader.ts'
import { InvalidCursorError } from '../../core/ports/page.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { applyUntilDone } from '../support/apply.ts'
import { createTables, dynamodbDependencies, startDynalite } from '../support/dynamodb.ts'
import { anyDeliveries, cut, event } from '../support/events.ts'
import { countRequests, readPages } from '../support/pages.ts'
import { expectedRows, flatten, sorted } from '../support/session-rows.ts'

let client: DynamoDBClient
let stop: () => void
beforeAll(async () => {
  ;({ client, stop } = await startDynalite())
})
afterAll(() => stop())

async function applyToTables(events: readonly NorthboundEvent[], batch = 100) {
  const documents = documentClient(client)
  const tables = await createTables(client)
  const dependencies = dynamodbDependencies(documents, tables)
  for (const part of cut(events, [batch])) await applyUntilDone(dependencies, part)
  const reader = dynamodbSessionReader({ client: documents, eventLogTable: tables.eventLog, stateTable: tables.state })
  return { reader, documents, dependencies }
}

describe('dynamodbSessionReader', () => {
  it('lists every session of the fold once, by room and by user, on pages of any size', async () => {
    const sizes = fc.constantFrom(1, 2, 3, 1000)
    await fc.assert(
      fc.asyncProperty(anyDeliveries, sizes, fc.integer({ min: 1, max: 10 }), async (events, limit, batch) => {
        const { reader } = await applyToTables(events, batch)
        const expected = expectedRows(events)
        for (const room of ['R1', 'R2'])
          for (const order of ['oldest', 'newest'] as const) {
            const rows = await readPages((cursor) => reader.listByRoom(room, { limit, cursor, order }))
            expect(sorted(rows.map(flatten))).toEqual(sorted(expected.filter(({ room_id }) => room_id === room)))
            const times = rows.map(({ session }) => session.joined_at)
            expect(times).toEqual(times.toSorted((a, b) => (order === 'oldest' ? a - b : b - a)))
          }
        for (const user of ['U1', 'U2', 'U3']) {
          const rows = await readPages((cursor) => reader.listByUser(user, { limit, cursor }))
          expect(sorted(rows.map(flatten))).toEqual(sorted(expected.filter(({ user_id }) => user_id === user)))
          const times = rows.map(({ session }) => session.joined_at)
          expect(times).toEqual(times.toSorted((a, b) => b - a))
        }
      }),
      { numRuns: 30 },
    )
  })

  it('reads a past session from the projection while it is not written yet', async () => {
    const participant = { room_id: 'R', user_id: 'U' }
    const events = [
      event('join', participant, { at: 10 }),
      event('leave', participant, { at: 20 }),
      event('join', participant, { at: 30 }),
    ]
    const { reader, dependencies } = await applyToTables(events.slice(0, 2))
    // The batch with the next session fails before it writes the past one.
    const { store } = dependencies
    const upsertPastEntry = () => Promise.reject(new Error('failed'))
    const failing = { ...dependencies, store: { ...store, upsertPastEntry } }
    await applyUntilDone(failing, events.slice(2)).catch(() => undefined)
    expect(await store.readPastEntries({ kind: 'participant', ...participant }, 0)).toEqual([])
    const rows = await readPages((cursor) => reader.listByRoom('R', { limit: 10, cursor, order: 'oldest' }))
    expect(rows.map(({ session }) => session.joined_at)).toEqual([10, 30])
    // A later batch with another event of the participant writes it.
    await applyUntilDone(dependencies, [event('update', { ...participant, user_name: 'n' }, { at: 40 })])
    expect(await store.readPastEntries({ kind: 'participant', ...participant }, 0)).toMatchObject([{ joined_at: 10 }])
  })

  it('reads the sessions of a permanent room page by page', async () => {
    // The room has twenty participants a day for sixty days.
    const dayMs = 86_400_000
    const events = Array.from({ length: 60 }, (_, index) => index).flatMap((index) =>
      Array.from({ length: 20 }, (_, user) => {
        const participant = { room_id: 'P', user_id: `U${user}` }
        const at = index * dayMs + user * 1000
        return [event('join', participant, { at: at + 1 }), event('leave', participant, { at: at + 3_600_000 })]
      }).flat(),
    )
    const { reader, documents } = await applyToTables(events)
    const requests = countRequests(documents)
    const newest = await reader.listByRoom('P', { limit: 40, cursor: null, order: 'newest' })
    expect(newest.items).toHaveLength(40)
    expect(newest.items.every(({ session }) => session.joined_at >= 58 * dayMs)).toBe(true)
    // The page requires only a part of the log and of the 1,200 sessions.
    expect(requests()).toBeLessThanOrEqual(12)
    const all = await readPages((cursor) => reader.listByRoom('P', { limit: 100, cursor, order: 'oldest' }))
    expect(all).toHaveLength(1200)
    const before = requests()
    const visits = await reader.listByUser('U7', { limit: 10, cursor: null })
    expect(visits.items.map(({ session }) => Math.floor(session.joined_at / dayMs))).toEqual(
      Array.from({ length: 10 }, (_, index) => 59 - index),
    )
    expect(requests() - before).toBeLessThanOrEqual(4)
  })

  it('rejects a cursor that it did not issue for this list', async () => {
    const { reader } = await applyToTables([
      event('join', { room_id: 'R', user_id: 'U' }),
      event('join', { room_id: 'R', user_id: 'V' }),
    ])
    const { cursor } = await reader.listByRoom('R', { limit: 1, cursor: null, order: 'oldest' })
    expect(cursor).not.toBeNull()
    for (const wrong of [
      'x',
      '',
      Buffer.from('[1,2]').toString('base64url'),
      Buffer.from('["a",{},"b"]').toString('base64url'),
      Buffer.from('[8,"room/R/user/U","t","0"]').toString('base64url'),
    ]) {
      await expect(reader.listByRoom('R', { limit: 1, cursor: wrong, order: 'oldest' })).rejects.toThrow(
        InvalidCursorError,
      )
      await expect(reader.listByUser('U', { limit: 1, cursor: wrong })).rejects.toThrow(InvalidCursorError)
    }
    await expect(reader.listByRoom('Other', { limit: 1, cursor, order: 'oldest' })).rejects.toThrow(InvalidCursorError)
  })
})
