import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { ScanCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { documentClient } from '../../adapters/dynamodb/client.ts'
import { dynamodbPeopleDirectory } from '../../adapters/dynamodb/people-directory.ts'
import { dynamodbPeopleReader } from '../../adapters/dynamodb/people-reader.ts'
import { InvalidCursorError } from '../../core/ports/page.ts'
import { applyUntilDone } from '../support/apply.ts'
import { createTables, dynamodbDependencies, startDynalite } from '../support/dynamodb.ts'
import { event } from '../support/events.ts'

const longId = 'x'.repeat(3000)
const names: Readonly<Record<string, string>> = { s1: '王小明', 's#2': 'Ｗａｎｇ Ming', [longId]: 'Bob', s4: 'ｱﾝﾅ' }
const users = Object.keys(names)

describe('the directory of people', () => {
  let client: DynamoDBClient
  let stop: () => void
  let directory: ReturnType<typeof dynamodbPeopleDirectory>
  let reader: ReturnType<typeof dynamodbPeopleReader>
  let scan: () => Promise<Record<string, unknown>[]>
  beforeAll(async () => {
    ;({ client, stop } = await startDynalite())
    const tables = await createTables(client)
    const documents = documentClient(client)
    const joins = users.map((user_id, index) =>
      event('join', { room_id: 'R', user_id, user_name: names[user_id] ?? '' }, { at: 1000 + index }),
    )
    const leave = event('leave', { room_id: 'R', user_id: 's1', event_type: 'normal' }, { at: 90_000 })
    await applyUntilDone(dynamodbDependencies(documents, tables), [...joins, leave])
    directory = dynamodbPeopleDirectory(documents, tables.state, 30)
    reader = dynamodbPeopleReader(documents, tables.state)
    scan = async () => (await documents.send(new ScanCommand({ TableName: tables.state }))).Items ?? []
    const sightings = users.map((user_id) => ({ user_id, room_id: 'R' }))
    const found = await directory.readNames(sightings)
    await directory.write(
      sightings.map((one) => ({ ...one, user_name: found.get(one.user_id) ?? null, seen_at: 60_000 })),
    )
  })
  afterAll(() => stop())
  const search = async (q?: string) => {
    const { items } = await reader.listPeople({ limit: 100, cursor: null, q })
    return items.map(({ user_id }) => user_id).sort()
  }

  it('has each person with the name in the room, and expires with the retention', async () => {
    const { items } = await reader.listPeople({ limit: 100, cursor: null, q: 's4' })
    expect(items).toMatchObject([{ user_id: 's4', user_name: 'ｱﾝﾅ', room_id: 'R', seen_at: 60_000 }])
    const stored = (await scan()).find(({ group, item }) => group === 'people' && item === 's4')
    expect(stored?.expires_at).toBe(60 + 30 * 86_400)
  })

  it('is searched by a part of the name or the id, in any case and width', async () => {
    expect(await search()).toEqual(users.toSorted())
    expect(await search('小')).toEqual(['s1'])
    expect(await search('wANG m')).toEqual(['s#2'])
    expect(await search('アンナ')).toEqual(['s4'])
    expect(await search('ＸＸＸ')).toEqual([longId])
    expect(await search('S')).toEqual(['s#2', 's1', 's4'])
    expect(await search('nobody')).toEqual([])
  })

  it.each([undefined, 's', '1'])('has the same people by pages of one, if the text is %s', async (q) => {
    const found = []
    for (let cursor: string | null = null, isFirst = true; isFirst || cursor !== null; isFirst = false) {
      const page = await reader.listPeople({ limit: 1, cursor, q })
      expect(page.items.length).toBeLessThanOrEqual(1)
      found.push(...page.items.map(({ user_id }) => user_id))
      cursor = page.cursor
    }
    expect(found.sort()).toEqual(await search(q))
  })

  it('refuses a cursor of another list', async () => {
    for (const parts of [['people'], ['people', ''], ['people', 'a', 'b'], ['x', 'a'], ['people', 1]]) {
      const cursor = Buffer.from(JSON.stringify(parts)).toString('base64url')
      await expect(reader.listPeople({ limit: 1, cursor, q: undefined })).rejects.toThrow(InvalidCursorError)
    }
  })

  it('finds the entries of people by their ids, also by long ones', async () => {
    const entries = await directory.readEntries([...users, 'nobody'])
    expect([...entries.keys()].sort()).toEqual(users.toSorted())
    for (const id of users)
      expect(entries.get(id)).toMatchObject({ user_name: names[id], room_id: 'R', seen_at: 60_000 })
  })

  it('knows when someone was last in the room, if that is after the entry', async () => {
    const { items } = await reader.listPeople({ limit: 100, cursor: null, q: undefined })
    expect(await reader.readLastSeen(items)).toEqual(new Map([['s1', 90_000]]))
  })
})
