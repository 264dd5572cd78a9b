import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { documentClient } from '../../adapters/dynamodb/client.ts'
import { dynamodbErasureReader } from '../../adapters/dynamodb/erasure-reader.ts'
import { recordErasure } from '../../adapters/dynamodb/erasure-store.ts'
import { type EraseSteps, eraseUser } from '../../cli/erase/erase-user.ts'
import { countItems } from '../../cli/erase/findings.ts'
import { searchUser } from '../../cli/erase/search-user.ts'
import { createErasedCheck } from '../../core/erasure/erasures.ts'
import { applyUntilDone, rebuildUntilDone } from '../support/apply.ts'
import { createTables, dynamodbDependencies, startDynalite } from '../support/dynamodb.ts'
import { event } from '../support/events.ts'

let dynamodb: DynamoDBClient
let stop: () => void
beforeAll(async () => {
  ;({ client: dynamodb, stop } = await startDynalite())
})
afterAll(() => stop())

const { signal } = new AbortController()
const at = 10_000
const day = 86_400_000
const visit = (user_id: string, start: number) => [
  event('join', { room_id: 'R', user_id, user_name: user_id }, { at: start }),
  event('leave', { room_id: 'R', user_id, event_type: 'normal' }, { at: start + 500 }),
]

/** Creates tables with two people. */
async function setUp(events = [...visit('U', 1000), ...visit('U', 3000), ...visit('V', 1000), ...visit('V', 3000)]) {
  const tables = await createTables(dynamodb)
  const client = documentClient(dynamodb)
  const dependencies = dynamodbDependencies(client, tables)
  await applyUntilDone(dependencies, [
    event('open', { room_id: 'R', user_id: 'V' }, { at: 500 }),
    ...events,
    event('close', { room_id: 'R', user_id: 'U' }, { at: 4000 }),
  ])
  const scan = async (TableName: string) => (await client.send(new ScanCommand({ TableName }))).Items ?? []
  const readAll = async () => [...(await scan(tables.eventLog)), ...(await scan(tables.state))]
  const rebuilt: (readonly string[])[] = []
  const stepsWith = (failing: DynamoDBDocumentClient = client, more: Partial<EraseSteps> = {}): EraseSteps => ({
    tables: { client: failing, eventLogTable: tables.eventLog, stateTable: tables.state },
    userId: 'U',
    at,
    caller: 'test',
    waitMs: 0,
    signal,
    show: () => ({ update: () => {}, stop: () => {} }),
    wait: async () => {},
    async rebuild(rooms, participations) {
      rebuilt.push(participations)
      await rebuildUntilDone(dependencies, [
        ...rooms.map((room_id) => ({ kind: 'room', room_id }) as const),
        ...participations.map((room_id) => ({ kind: 'participant', room_id, user_id: 'U' }) as const),
      ])
    },
    ...more,
  })
  const find = () => searchUser(stepsWith().tables, { userId: 'U', at }, { mode: 'find', signal, onScanned: () => {} })
  return { client, tables, readAll, stepsWith, find, rebuilt }
}

/** Whether an item is about V or the room, and not about the erasure. */
const isOfOthers = (item: Record<string, unknown>) =>
  item.group !== 'erasure' && !JSON.stringify(item).includes('"user_id":"U"') && !String(item.params).includes('"U"')

/** A client that fails after a number of requests. */
function failAfter(client: DynamoDBDocumentClient, requests: number): DynamoDBDocumentClient {
  let sent = 0
  const send = (...args: Parameters<typeof client.send>) => {
    if (sent++ >= requests) throw new Error('killed')
    return client.send(...args)
  }
  return Object.assign(Object.create(client), { send })
}

describe('eraseUser', () => {
  it('can be killed at any request and executed again, and leaves what is stored about others as it was', async () => {
    let isComplete = false
    for (let requests = 0; !isComplete; requests += 2) {
      const { client, readAll, stepsWith, find } = await setUp()
      const others = (await readAll()).filter(isOfOthers)
      expect(countItems(await find())).toBeGreaterThan(5)
      isComplete = await eraseUser(stepsWith(failAfter(client, requests))).then(
        () => true,
        () => false,
      )
      await eraseUser(stepsWith())
      expect(countItems(await find())).toBe(0)
      const left = (await readAll()).filter(({ group }) => group !== 'erasure')
      expect(left.filter((item) => String(item.params).includes('[erased]'))).toHaveLength(1)
      expect(left.filter((item) => !String(item.params).includes('[erased]'))).toEqual(others)
    }
  })

  it('keeps what was received later, and has it folded again', async () => {
    const { stepsWith, rebuilt, client, tables } = await setUp([...visit('U', 1000), ...visit('U', 20_000)])
    const { last, erased } = await eraseUser(stepsWith())
    expect(erased.counts).toMatchObject({ events: 2, participants: 1, past_sessions: 1 })
    expect(last.laterEvents).toBe(2)
    expect(rebuilt.flat()).toEqual(['R'])
    const { store } = dynamodbDependencies(client, tables)
    const participant = { kind: 'participant', room_id: 'R', user_id: 'U' } as const
    const readState = async () => (await store.read([participant]))[0]?.state
    expect(await readState()).toMatchObject({ session: { joined_at: 20_000 } })
    expect(await store.readPastEntries(participant, 0)).toEqual([])
    await eraseUser(stepsWith())
    expect(await readState()).toMatchObject({ session: { joined_at: 20_000 } })
  })

  it('finds what a function wrote that was running meanwhile', async () => {
    const { stepsWith, find, client, tables } = await setUp()
    let waits = 0
    const wait = async () => {
      waits++
      if (waits === 2) await applyUntilDone(dynamodbDependencies(client, tables), visit('U', 1000))
    }
    const { erased } = await eraseUser(stepsWith(client, { wait }))
    expect(erased.counts).toMatchObject({ events: 6, participants: 2, past_sessions: 1 })
    expect(countItems(await find())).toBe(0)
  })
})

describe('the erasures in the state table', () => {
  it('are read until their events can no longer be under way', async () => {
    const { state } = (await setUp([])).tables
    const client = documentClient(dynamodb)
    const reader = (now: number) => dynamodbErasureReader(client, state, () => now).read()
    expect(await reader(0)).toBeUndefined()
    await recordErasure(client, state, { userId: 'U', at })
    const erasures = await reader(at + 25 * day - 1)
    expect(erasures && createErasedCheck(erasures)('U', at)).toBe(true)
    expect(await reader(at + 25 * day)).toBeUndefined()
  })

  it('keep all of several that are recorded at the same time', async () => {
    const { state } = (await setUp([])).tables
    const client = documentClient(dynamodb)
    const users = ['a', 'b', 'c', 'd']
    await Promise.all(users.map((userId) => recordErasure(client, state, { userId, at })))
    const erasures = await dynamodbErasureReader(client, state, () => at).read()
    const isErased = erasures && createErasedCheck(erasures)
    expect(users.map((userId) => isErased?.(userId, at))).toEqual([true, true, true, true])
  })
})
