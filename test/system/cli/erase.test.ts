import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCommand } from '../../support/cli.ts'
import { readDocumentedActions } from '../../support/documented-policy.ts'
import { type System, startSystem } from '../../support/system.ts'

// Characters that keys, JSON and URLs treat specially.
const user_id = 'u/7#%~"小明'
const userName = 'Ann Example'

let system: System
beforeAll(async () => {
  system = await startSystem()
  let serial = 0
  const send = (event: string, params: Record<string, string>) =>
    system.callback({ event, trace_id: `t${serial++}`, event_type: 'normal', ...params })
  const ann = { user_id, user_name: userName }
  // A room with others, which the person closes and joins again.
  await send('open', { room_id: 'R' })
  await send('join', { room_id: 'R', ...ann })
  await send('join', { room_id: 'R', user_id: 'V', user_name: 'Bob' })
  await send('publish', { room_id: 'R', ...ann, stream_id: `${user_id}_video`, stream_type: 'video' })
  await send('sub', { room_id: 'R', user_id: 'V', stream_id: `${user_id}_video`, stream_type: 'video' })
  await send('start_record', { room_id: 'R', event_type: 'success', exporter_id: 'E', exporter_type: 'mp4' })
  await send('record_transcoding_completion', {
    room_id: 'R',
    event_type: 'success',
    exporter_id: 'E',
    options: JSON.stringify([{ file: `${user_id}.mp4` }]),
  })
  await system.settle()
  await send('close', { room_id: 'R', event_type: 'user', ...ann })
  await system.settle()
  await send('open', { room_id: 'R' })
  await send('join', { room_id: 'R', ...ann })
  // A room that is open only because the person is in it.
  await send('join', { room_id: 'INFERRED', ...ann })
  // An event of an unknown kind, a refused callback, and a message that is no event.
  await send('raise_hand', { room_id: 'R', ...ann })
  expect(await send('publish', { room_id: 'R', ...ann })).toMatchObject({ status: 400 })
  await system.enqueue({ event: '', user_id, trace_id: 'bad' }, Date.now())
  await system.settle()
  await system.run.invoke('SampleUsage', {})
})
afterAll(() => system.run.stop())

const erase = (...argv: string[]) => {
  const { awsEndpointUrl, region } = system.run
  return runCommand(['erase', '--aws-endpoint-url', awsEndpointUrl, '--region', region, '--user', user_id, ...argv])
}

/** Compares the state with the fold of the log. */
const compareWithLog = () => system.run.invoke('Rebuild', { all: true, dry_run: true })

const readEventsOfOthers = async () => {
  const { body } = await system.query('/api/events?room_id=R&limit=1000')
  const { items } = body as { items: { params: Record<string, string> }[] }
  return items.filter(({ params }) => params.user_id !== user_id && params.user_id !== '[erased]')
}

const readOthers = async () => ({
  events: await readEventsOfOthers(),
  bob: await system.storedItem({ kind: 'participant', room_id: 'R', user_id: 'V' }),
  room: await system.query('/api/rooms/R').then(({ body }) => (body as { room: object }).room),
  recordings: await system.query('/api/recordings').then(({ body }) => body),
})

describe('northbound erase on the running system', () => {
  it('asks for a confirmation, and has changed nothing without one', async () => {
    const before = await system.countItems('EventLogTableName')
    const { exitCode, stderr } = await erase()
    expect(exitCode).toBe(2)
    expect(stderr).toContain('add --yes')
    expect(await system.countItems('EventLogTableName')).toBe(before)
  })

  it('erases all of a person and nothing of others, and finds nothing afterwards', async () => {
    const dryRun = await erase('--dry-run', '--json')
    expect(dryRun.exitCode).toBe(0)
    const preview = JSON.parse(dryRun.stdout)
    expect(preview).toMatchObject({
      dry_run: true,
      counts: {
        events: 5,
        events_of_others: 1,
        quarantined: 1,
        participants: 2,
        past_sessions: 1,
        directory: 1,
        refused_samples: 1,
        rooms: 1,
      },
      present_in: expect.arrayContaining(['R', 'INFERRED']),
    })
    expect(preview.mentions).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ room_id: 'R', recording_id: 'E' }),
        expect.objectContaining({ room_id: 'R', event: 'sub' }),
      ]),
    )

    const before = await readOthers()
    const { exitCode, stdout } = await erase('--yes', '--json', '--wait-seconds', '0')
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ caller: 'local', counts: { events: 5, participants: 2 }, new_events: 0 })
    expect(stdout).not.toContain(userName)
    await system.settle()
    const after = await readOthers()
    expect(after.bob).toEqual(before.bob)
    expect(after.recordings).toEqual(before.recordings)
    expect(after.room).toEqual({ ...before.room, present: 0 })
    expect(after.events).toEqual(before.events)
    expect(await compareWithLog()).toMatchObject({ payload: { different: 0, unsettled: 0 } })

    const again = JSON.parse((await erase('--dry-run', '--json')).stdout)
    expect(Object.values(again.counts)).toEqual(Object.values(again.counts).map(() => 0))
    const { body } = await system.query('/api/events?room_id=R&limit=1000')
    const { items } = body as { items: { event: string; params: Record<string, string> }[] }
    expect(items.find(({ event }) => event === 'close')?.params).toMatchObject({ user_id: '[erased]' })
    expect(JSON.stringify(items)).not.toContain(userName)
    expect((await system.query('/api/room?room_id=INFERRED')).status).toBe(404)
  })
  it('needs exactly the permissions that the documentation gives', async () => {
    // A local run knows the CLI by the access key of its clients.
    const calls = system.run.calls().filter(({ principal }) => principal === 'local')
    expect([...new Set(calls.map(({ action }) => action))].sort()).toEqual(await readDocumentedActions('erase'))
  })
})
