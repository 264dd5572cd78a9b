import { Logger } from '@aws-lambda-powertools/logger'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DeleteCommand, type DynamoDBDocumentClient, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb'
import type { Context } from 'aws-lambda'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dynamodbAggregateReader } from '../../adapters/dynamodb/aggregate-reader.ts'
import { documentClient } from '../../adapters/dynamodb/client.ts'
import { dynamodbRoomReader } from '../../adapters/dynamodb/room-reader.ts'
import { dynamodbSessionReader } from '../../adapters/dynamodb/session-reader.ts'
import type { Command } from '../../core/protocol/command.ts'
import type { ApplyDependencies } from '../../lambdas/apply-events/dependencies.ts'
import { createHandler } from '../../lambdas/rebuild/handler.ts'
import {
  applyUntilDone,
  expectedPastEntries,
  expectedStates,
  readStoredPastEntries,
  readStoredStates,
  rebuildUntilDone,
} from '../support/apply.ts'
import { createTables, dynamodbDependencies, startDynalite, type Tables } from '../support/dynamodb.ts'
import { event } from '../support/events.ts'

const users = Array.from({ length: 12 }, (_, index) => `U${index}`)
const hourMs = 3_600_000
const visit = (user_id: string, at: number) => [
  event('join', { user_id }, { at }),
  event('leave', { user_id, event_type: 'normal' }, { at: at + 60_000 }),
]
const events = [
  event('open', {}, { at: 1 }),
  event('start_record', { exporter_id: 'E', event_type: 'success' }, { at: 2 }),
  ...users.flatMap((user_id, index) => visit(user_id, 1000 + index)),
  // Half of the users have left for the second time, and half are present.
  ...users.slice(0, 6).flatMap((user_id, index) => visit(user_id, hourMs + index)),
  ...users.slice(6).map((user_id, index) => event('join', { user_id }, { at: 2 * hourMs + index })),
]

/** The patterns of docs/runbook.md, section "Move rooms to other keys". */
function isOfOldRoom({ group, item }: Record<string, unknown>): boolean {
  return (
    /^room\/[^/]+\/sessions$/.test(String(group)) ||
    (/^room\/[^/]+$/.test(String(group)) && /^user\//.test(String(item)))
  )
}

describe('a room with the keys of before rooms were spread', () => {
  let client: DynamoDBClient
  let documents: DynamoDBDocumentClient
  let stop: () => void
  let tables: Tables
  let dependencies: ApplyDependencies
  beforeAll(async () => {
    ;({ client, stop } = await startDynalite())
    documents = documentClient(client)
    tables = await createTables(client)
    dependencies = dynamodbDependencies(documents, tables)
    await applyUntilDone(dependencies, events)
    await restoreOldKeys()
  })
  afterAll(() => stop())

  const scan = async (TableName: string) => (await documents.send(new ScanCommand({ TableName }))).Items ?? []
  const deleteItem = ({ group, item }: Record<string, unknown>) =>
    documents.send(new DeleteCommand({ TableName: tables.state, Key: { group, item } }))

  async function restoreOldKeys() {
    for (const item of await scan(tables.state)) {
      const group = String(item.group).replace(/\/\d$/, '')
      if (group === item.group) continue
      await documents.send(new PutCommand({ TableName: tables.state, Item: { ...item, group } }))
      await deleteItem(item)
    }
    for (const item of await scan(tables.eventLog))
      await documents.send(new PutCommand({ TableName: tables.eventLog, Item: { ...item, room: 'R' } }))
  }

  /** Compares everything with the log, and executes the commands as apply-events does. */
  async function rebuild() {
    const commands: Command[] = []
    const handler = createHandler({
      ...dependencies,
      aggregates: dynamodbAggregateReader(documents, tables.eventLog),
      commands: { sendAll: async (sent) => void commands.push(...sent) },
      wait: async () => {},
      logger: new Logger({ logLevel: 'SILENT' }),
    })
    const response = await handler({ all: true }, { getRemainingTimeInMillis: () => 55_000 } as Context)
    await rebuildUntilDone(
      dependencies,
      commands.map(({ aggregate }) => aggregate),
    )
    return response
  }

  it('is rebuilt from the log under the new keys, and shown once when the old items are deleted', async () => {
    expect((await scan(tables.state)).filter(isOfOldRoom)).toHaveLength(24)
    const before = await readStoredStates(dependencies.store, events)
    expect([...before.values()].filter(({ kind }) => kind === 'participant')).toEqual([])
    expect(await dependencies.store.readCloseCandidates('R', { since: 0, cursor: null })).toMatchObject({ items: [] })

    expect(await rebuild()).toMatchObject({ different: users.length, cursor: null })
    expect(await readStoredStates(dependencies.store, events)).toEqual(expectedStates(events))
    expect(await readStoredPastEntries(dependencies.store, events)).toEqual(expectedPastEntries(events))

    for (const item of (await scan(tables.state)).filter(isOfOldRoom)) await deleteItem(item)
    expect(await rebuild()).toMatchObject({ different: 0, cursor: null })
    const readers = { client: documents, eventLogTable: tables.eventLog, stateTable: tables.state }
    const rooms = dynamodbRoomReader(readers)
    const page = await rooms.readRoom('R', { limit: 100, cursor: null, presentOnly: false, maxBytes: 2_000_000 })
    expect(page.participants.map(({ user_id }) => user_id).toSorted()).toEqual(users.toSorted())
    expect(page).toMatchObject({ joined: { length: 6 }, recordings: [{ exporter_id: 'E' }] })
    const { items } = await dynamodbSessionReader(readers).listByUser('U1', { limit: 10, cursor: null })
    expect(items.map(({ session }) => session.joined_at)).toEqual([hourMs + 1, 1001])
  })

  it('keeps its older events in the timeline, in order with newer ones', async () => {
    const later = users.map((user_id, index) =>
      event('update', { user_id, user_name: 'n' }, { at: 3 * hourMs + index }),
    )
    await applyUntilDone(dependencies, later)
    const rooms = dynamodbRoomReader({ client: documents, eventLogTable: tables.eventLog, stateTable: tables.state })
    const page = { limit: 100, cursor: null, order: 'oldest' } as const
    const { items } = await rooms.readTimeline('R', page)
    const times = [...events, ...later].map(({ received_at }) => received_at)
    expect(items.map((entry) => entry.event.received_at)).toEqual(times.toSorted((one, other) => one - other))
  })
})
