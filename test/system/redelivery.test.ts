import { DeleteItemCommand, DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb'
import { expect, it, onTestFinished } from 'vitest'
import { clientSettings } from '../../bench/recovery/client-settings.ts'
import type { LocalRun } from '../../local/run.ts'
import { copyAssembly } from '../support/copy-assembly.ts'
import { type System, startSystem } from '../support/system.ts'

const dayMs = 86_400_000

/** An event: how many days ago it was received, its parameters, and whether it became a dead letter. */
type PastEvent = readonly [daysAgo: number, event: string, params?: Readonly<Record<string, string>>, fate?: 'dead']

const person = (user_id: string) => ({ user_id, user_name: user_id, event_type: 'normal' })
const stream = (user_id: string) => ({ user_id, stream_type: 'audio', stream_id: `S${user_id}` })

/** The log keeps events for 30 days. */
const histories: Readonly<Record<string, readonly PastEvent[]>> = {
  'a leave in a room that closed, opened and closed again': [
    [31, 'open'],
    [31, 'join', person('B')],
    [29, 'join', person('A')],
    [29, 'publish', stream('A')],
    [13, 'leave', person('A'), 'dead'],
    [12, 'close', { event_type: 'user' }],
    [10, 'open'],
    [10, 'join', person('A')],
    [9, 'close', { event_type: 'user' }],
  ],
  'a close of a room in which the same people met again': [
    [32, 'open'],
    [32, 'join', person('A')],
    [32, 'join', person('B')],
    [14, 'leave', person('B')],
    [13, 'close', { event_type: 'user' }, 'dead'],
    [12, 'join', person('A')],
    [11, 'leave', person('A')],
    [3, 'open'],
    [2, 'join', person('B')],
  ],
  'a whole visit to a room of which everything else has expired': [
    [40, 'open'],
    [40, 'join', person('A')],
    [35, 'close', { event_type: 'user' }],
    [13, 'join', person('A'), 'dead'],
    [12.9, 'publish', stream('A'), 'dead'],
    [12.8, 'leave', person('A'), 'dead'],
  ],
  'an open and a join between two meetings': [
    [33, 'open'],
    [33, 'join', person('A')],
    [32, 'close', { event_type: 'auto' }],
    [13.2, 'open', {}, 'dead'],
    [13.1, 'join', person('A'), 'dead'],
    [5, 'open'],
    [5, 'join', person('A')],
    [4, 'leave', person('A')],
    [4, 'close', { event_type: 'user' }],
  ],
}

it('puts dead letters that are 13 days old into their places in the order, even if the log has forgotten what was before', async () => {
  const system = await startSystem({ assembly: await copyAssembly('unsigned', { RETENTION_DAYS: '30' }) })
  onTestFinished(async () => void (await system.run.stop()))
  const now = Date.now()
  const isDead = ([, , , fate]: PastEvent) => fate === 'dead'
  for (const [index, events] of Object.values(histories).entries()) {
    await enqueue(system, `${index}-punctual`, events, now)
    const others = events.filter((event) => !isDead(event))
    await enqueue(system, `${index}-redriven`, others, now)
  }
  expect(await deleteExpiredItems(system.run, now)).toBeGreaterThan(20)
  for (const [index, events] of Object.values(histories).entries()) {
    expect(await readRoom(system, `${index}-redriven`)).not.toEqual(await readRoom(system, `${index}-punctual`))
    await enqueue(system, `${index}-redriven`, events.filter(isDead), now, 'DeadLetterQueueUrl')
  }
  expect(await system.countMessages('DeadLetterQueueUrl')).toBe(7)
  expect(await system.run.invoke('RedriveDeadLetters', {})).toMatchObject({
    payload: { outcome: 'redrive', redriven: 7 },
  })
  await system.settle()
  for (const [index, name] of Object.keys(histories).entries())
    expect(await readRoom(system, `${index}-redriven`), name).toEqual(await readRoom(system, `${index}-punctual`))
})

async function enqueue(
  system: System,
  room_id: string,
  events: readonly PastEvent[],
  now: number,
  queue: 'EventQueueUrl' | 'DeadLetterQueueUrl' = 'EventQueueUrl',
): Promise<void> {
  for (const [daysAgo, event, params] of events) {
    const trace_id = `${room_id} ${daysAgo} ${event} ${params?.user_id ?? ''}`
    await system.enqueue({ event, room_id, trace_id, ...params }, now - daysAgo * dayMs, 'callback', queue)
    if (queue === 'EventQueueUrl') await system.settle()
  }
}

/** @returns the number of items that were deleted. */
async function deleteExpiredItems(run: LocalRun, now: number): Promise<number> {
  const client = new DynamoDBClient(clientSettings(run))
  let deleted = 0
  const tables = [
    [run.outputs.EventLogTableName, ['stream', 'event_key']],
    [run.outputs.StateTableName, ['group', 'item']],
  ] as const
  for (const [TableName, keys] of tables)
    for await (const { Items = [] } of paginateScan({ client }, { TableName }))
      for (const item of Items) {
        if (Number(item.expires_at?.N ?? Number.POSITIVE_INFINITY) * 1000 > now) continue
        const Key = Object.fromEntries(keys.flatMap((key) => (item[key] ? [[key, item[key]]] : [])))
        await client.send(new DeleteItemCommand({ TableName, Key }))
        deleted++
      }
  return deleted
}

/** What the query API says about a room, with the same name in place of its own. */
async function readRoom(system: System, id: string): Promise<unknown> {
  const paths = [`/api/rooms/${id}`, `/api/sessions?room_id=${id}`]
  const bodies = await Promise.all(paths.map(async (path) => (await system.query(path)).body))
  return JSON.parse(JSON.stringify(bodies).replaceAll(id, 'ROOM'))
}
