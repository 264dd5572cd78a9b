import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { DeleteItemCommand, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb'
import { SQSClient } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type QueueMessage, sendMessages } from '../../../adapters/sqs/send-messages.ts'
import {
  type QueuedNotification,
  subscribeQueue,
} from '../../../packages/template-runner/test/support/subscribe-queue.ts'
import { runCommand } from '../../support/cli.ts'
import { readDocumentedActions } from '../../support/documented-policy.ts'
import { type System, startSystem } from '../../support/system.ts'

const minuteMs = 60_000

let system: System
let installation: readonly string[]

beforeAll(async () => {
  system = await startSystem()
  installation = ['--aws-endpoint-url', system.run.awsEndpointUrl]
})
afterAll(async () => {
  await system.run.stop()
  expect(system.run.denials).toEqual([])
})

/** The actions that each command has called. Calls of this file itself have another access key. */
const used = new Map<string, Set<string>>()

async function runJson(command: string, ...argv: readonly string[]) {
  const before = countCalls()
  const { exitCode, stdout, stderr } = await runCommand([command, ...argv, ...installation, '--json'])
  const called = [...countCalls()].filter(([action, count]) => count > (before.get(action) ?? 0))
  used.set(command, new Set([...(used.get(command) ?? []), ...called.map(([action]) => action)]))
  return { exitCode, result: JSON.parse(stdout || 'null'), stderr }
}

/** Puts events on the queue as if one had been received each minute, and waits until they are applied. */
async function enqueueAll(startedAt: number, events: readonly Readonly<Record<string, string>>[]): Promise<void> {
  for (const [index, params] of events.entries()) await system.enqueue({ ...params }, startedAt + index * minuteMs)
  await system.settle()
}

function countCalls(): Map<string, number> {
  const calls = system.run.calls().filter(({ principal }) => principal === 'local')
  return new Map([...Map.groupBy(calls, ({ action }) => action)].map(([action, all]) => [action, total(all)]))
}

function total(calls: readonly { readonly count: number }[]): number {
  return calls.reduce((sum, { count }) => sum + count, 0)
}

describe('rebuild', () => {
  const user = { room_id: 'R', user_id: 'U', user_name: '王小明', endpoint_type: 'web' }
  const recording = { room_id: 'R', exporter_id: 'E', exporter_type: 'file', event_type: 'success' }
  const lifeCycle = [
    { event: 'open', room_id: 'R' },
    { event: 'join', ...user },
    { event: 'leave', ...user, event_type: 'offline' },
    { event: 'join', ...user },
    { event: 'publish', ...user, stream_id: 'S', stream_type: 'video' },
    { event: 'join', ...user, user_id: 'V', user_name: 'Ann' },
    { event: 'start_record', ...recording, start_time: '2026-11-26 08:00:00' },
    { event: 'start_record', ...recording, start_time: '2026-11-26 09:00:00' },
    { event: 'warning_notify', event_type: 'check_port', box_code: 'B', options: '[{"type":"tcp","port":1}]' },
    { event: 'join', ...user, room_id: 'never opened' },
    { event: 'close', room_id: 'R', event_type: 'user' },
    { event: 'open', room_id: 'R' },
    { event: 'join', ...user },
    // The duration of an open session would grow between two queries.
    { event: 'close', room_id: 'R', event_type: 'user' },
  ]
  const paths = [
    '/api/rooms?status=all',
    '/api/rooms/R',
    '/api/room?room_id=never%20opened',
    '/api/rooms/R/events',
    '/api/rooms/R/sessions',
    '/api/users/U/sessions',
    '/api/meetings?room_id=R',
    '/api/attendance?room_id=R&from=2026-01-01T00:00Z&to=2030-01-01T00:00Z',
    '/api/recordings',
    '/api/boxes',
  ]
  const readAll = async () => {
    const responses = await Promise.all(paths.map((path) => system.query(path)))
    return responses.map(({ status, body }, index) => ({ path: paths[index], status, body }))
  }

  it('restores the state from the log after everything in it was deleted', async () => {
    await enqueueAll(
      Date.now() - 180 * minuteMs,
      lifeCycle.map((params, index) => ({ ...params, trace_id: `life ${index}` })),
    )
    const before = await readAll()
    expect(before.map(({ status }) => status)).toEqual(paths.map(() => 200))
    expect(await runJson('rebuild')).toMatchObject({ exitCode: 0, result: { checked: 7, different: 0, commands: 0 } })

    await deleteState()
    expect(await readAll()).not.toEqual(before)
    const { stdout } = await runCommand(['rebuild', '--room', 'R', '--user', 'V', '--dry-run', ...installation])
    expect(stdout).toMatch(
      /^user V in room R\n {2}the state says: nothing\n {2}the log says: {3}present from 2026-.* to 2026-.* \(room closed\)\n1 compared/,
    )
    // The room without an open follows from its participant.
    expect(await runJson('rebuild')).toMatchObject({
      exitCode: 0,
      result: { dry_run: false, checked: 7, different: 6, unsettled: 0, commands: 6, remaining: 0, cursor: null },
    })
    expect(await readAll()).toEqual(before)
  })

  it('says what is wrong with options that exclude each other', async () => {
    const { exitCode, stderr } = await runJson('rebuild', '--box', 'B', '--room', 'R')
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: 'northbound: give either --box, or --room and --user\n',
    })
  })

  /** Deletes everything that follows from the log. */
  async function deleteState(): Promise<void> {
    const { awsEndpointUrl: endpoint, region, outputs } = system.run
    const TableName = outputs.StateTableName
    const client = new DynamoDBClient({
      endpoint,
      region,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    })
    const { Items = [] } = await client.send(new ScanCommand({ TableName }))
    for (const { group, item } of Items)
      if (/^(room|box)\//.test(group?.S ?? '') && group && item)
        await client.send(new DeleteItemCommand({ TableName, Key: { group, item } }))
  }
})

describe('replay', () => {
  const user = { user_id: 'U', user_name: '王小明', endpoint_type: 'web' }
  const lifeCycle = [
    { event: 'open' },
    { event: 'join', ...user },
    { event: 'join', ...user, user_id: 'V' },
    { event: 'publish', ...user, stream_id: 'S', stream_type: 'video' },
    { event: 'leave', ...user, event_type: 'offline' },
    { event: 'join', ...user },
    { event: 'close', event_type: 'auto' },
  ]
  const rooms = ['房间 1', 'replayed 2']
  // Later than what the tests before have sent.
  const startedAt = Date.now() - 60 * minuteMs
  const from = ['--from', new Date(startedAt).toISOString()]
  let published: QueuedNotification[]
  let receive: () => Promise<QueuedNotification[]>

  beforeAll(async () => {
    receive = await subscribeQueue(system.run, system.run.outputs.RoomEventTopicArn)
    const ofRoom = (room_id: string) =>
      lifeCycle.map((params, index) => ({ ...params, room_id, trace_id: `t ${index}` }))
    for (const room_id of rooms) await enqueueAll(startedAt, ofRoom(room_id))
    await enqueueAll(startedAt, [
      { event: 'warning_notify', trace_id: 'w', event_type: 'check_port', box_code: 'B', options: '' },
    ])
    published = byId(await receive())
  })

  /** Of several messages with one id, the last counts. */
  const byId = (messages: readonly QueuedNotification[]) => [
    ...new Map(messages.map((message) => [String(message.payload.id), message])).values(),
  ]
  const sorted = (messages: readonly QueuedNotification[]) =>
    messages.toSorted((one, other) => (String(one.payload.id) < String(other.payload.id) ? -1 : 1))
  const ofRoom = (messages: readonly QueuedNotification[], room: string) =>
    messages.filter(({ attributes }) => attributes.room_id === room)

  it('counts first with --dry-run, and publishes nothing', async () => {
    expect(await runJson('replay', ...from, '--dry-run')).toMatchObject({
      exitCode: 0,
      result: { dry_run: true, selected: 15, closes: 2, unpublished: 0, sources: 3, published: 0, position: null },
    })
    expect(await receive()).toEqual([])
  })

  it('publishes the same messages again, with their ids, attributes and sessions, room by room in order', async () => {
    const { exitCode, result } = await runJson('replay', ...from, '--rate', '10000')
    expect({ exitCode, published: result.published }).toEqual({ exitCode: 0, published: published.length })
    const again = await receive()
    expect(again).toHaveLength(published.length)
    expect(sorted(again)).toEqual(sorted(published))
    for (const room of rooms) {
      const events = ofRoom(again, room).map(({ payload }) => payload.event)
      const names = lifeCycle.map(({ event }) => event)
      expect(events).toEqual([...names, 'session_ended', 'session_ended'])
    }
  })

  it('publishes only the ends of sessions of one room, and no alert', async () => {
    const alerts = await subscribeQueue(system.run, system.run.outputs.AlertTopicArn)
    const events = ['--event', 'leave', '--event', 'session_ended']
    expect(await runJson('replay', '--room', '房间 1', ...events)).toMatchObject({
      result: { selected: 1, published: 3 },
    })
    const again = await receive()
    const ends = ofRoom(published, '房间 1').filter(({ payload }) => 'session' in payload)
    expect(sorted(again)).toEqual(sorted(ends))
    expect(again.every(({ payload }) => payload.session !== null)).toBe(true)
    expect(await alerts()).toEqual([])
  })

  it('refuses to publish the whole log again', async () => {
    const { exitCode, stderr } = await runJson('replay')
    expect(exitCode).toBe(2)
    expect(stderr).toContain('give --room, or --from for all rooms')
  })
})

describe('redrive', () => {
  const joinsOf = (room_id: string, count: number) =>
    Array.from({ length: count }, (_, index): QueueMessage => {
      const params = { event: 'join', room_id, user_id: `user ${index}` }
      const envelope = { trace_id: `${room_id} ${index}`, received_at: Date.now(), source: 'callback', params }
      return { body: JSON.stringify(envelope), groupId: undefined }
    })

  async function addDeadLetters(messages: readonly QueueMessage[]): Promise<void> {
    const { awsEndpointUrl: endpoint, region, outputs } = system.run
    const client = new SQSClient({ endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } })
    await sendMessages(client, String(outputs.DeadLetterQueueUrl), messages)
  }

  const readPresent = async (room: string) => {
    const { body } = await system.query(`/api/rooms?room_id=${room}`)
    return (body as { items: { present: number }[] }).items[0]?.present
  }

  it('takes the 300 dead letters of a room out of 1,000 and loses none, although it is killed half way', async () => {
    const logged = await system.countItems('EventLogTableName')
    await addDeadLetters([...joinsOf('wanted', 300), ...joinsOf('other', 700)])
    const dryRun = await runJson('redrive', '--room', 'wanted', '--event', 'join', '--dry-run')
    expect(dryRun).toMatchObject({ exitCode: 0, result: { examined: 1000, selected: 300, redriven: 0, others: 700 } })
    expect(dryRun.result.groups).toEqual([{ event: 'join', room_id: 'wanted', cause: 'failed', letters: 300 }])
    expect(await system.countMessages('DeadLetterQueueUrl')).toBe(1000)

    const argv = ['bin/cli.ts', 'redrive', '--room', 'wanted', '--rate', '200', ...installation]
    const child = spawn(process.execPath, argv, { stdio: 'ignore' })
    const exit = once(child, 'exit')
    await expect
      .poll(() => system.countMessages('DeadLetterQueueUrl'), { interval: 5, timeout: 60_000 })
      .toBeLessThan(1000)
    child.kill('SIGKILL')
    expect(await exit).toEqual([null, 'SIGKILL'])
    await system.settle()
    const appliedBefore = (await readPresent('wanted')) ?? 0
    const letters = await system.countMessages('DeadLetterQueueUrl')
    expect(letters).toBeGreaterThan(700)
    // A dead letter whose copy was applied may still have to be deleted.
    expect(appliedBefore + letters).toBeGreaterThanOrEqual(1000)

    // What the killed run had received is hidden for some seconds.
    const redrive = async () => (await runJson('redrive', '--room', 'wanted', '--rate', '100000')).result
    await expect.poll(async () => (await redrive()).held_elsewhere, { interval: 500, timeout: 30_000 }).toBe(0)
    await system.settle()
    expect(await system.countMessages('DeadLetterQueueUrl')).toBe(700)
    expect(await readPresent('wanted')).toBe(300)
    expect(await readPresent('other')).toBeUndefined()
    expect((await system.countItems('EventLogTableName')) - logged).toBe(300)
  })
})

describe('redrive --dead-letter-queue', () => {
  it('takes the dead letters of that queue instead of those of the stack', async () => {
    const { outputs } = system.run
    const argv = ['redrive', '--dry-run', ...installation, '--json', '--dead-letter-queue']
    const own = await runCommand([...argv, String(outputs.DeadLetterQueueUrl)])
    expect(JSON.parse(own.stdout).examined).toBe(await system.countMessages('DeadLetterQueueUrl'))
    const absent = await runCommand([...argv, `${outputs.DeadLetterQueueUrl}-absent`])
    expect(absent).toMatchObject({ exitCode: 1, stdout: '' })
    expect(absent.stderr.trimEnd().split('\n')).toHaveLength(1)
  })
})

describe('the documented permissions', () => {
  it.each(['redrive', 'rebuild', 'replay'])('of %s are those that it uses', async (command) => {
    expect(await readDocumentedActions(command)).toEqual([...(used.get(command) ?? [])].sort())
  })
})
