import { setTimeout as delay } from 'node:timers/promises'
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { customListPaths, type SimulatedAvd, startSimulatedAvd } from '@northbound/avd-simulator'
import { afterEach, describe, expect, it } from 'vitest'
import { subscribeQueue } from '../../packages/template-runner/test/support/subscribe-queue.ts'
import { editedAssembly } from '../support/edited-assembly.ts'
import { checkCodeKey, type System, signParameters, startSystem } from '../support/system.ts'

const keys = { accessKey: 'ak', secretKey: 'sk' }
const graceMs = 1000

type Participant = {
  user_id: string
  status: string
  left_at: string | null
  leave_reason: string | null
  reconnects: number
  estimated: boolean
}
type RoomDetails = {
  room: { status: string; present: number; close_reason: string | null; estimated: boolean }
  participants: Participant[]
}

let system: System
let avd: SimulatedAvd

async function begin(
  options: Partial<Parameters<typeof startSimulatedAvd>[0]> = {},
  listPaths?: Record<string, string>,
) {
  avd = await startSimulatedAvd({ ...keys, checkCodeKey, ...options })
  system = await startSystem({
    checkCodeKey,
    assembly: await editedAssembly('strict', { SWEEP_GRACE_SECONDS: String(graceMs / 1000) }),
    visibilityTimeoutSeconds: 2,
    avd: { baseUrl: avd.url, ...keys, ...(listPaths === undefined ? {} : { listPaths }) },
  })
  avd.callbackUrl = system.run.callbackUrl
}

afterEach(async () => {
  await avd.stop()
  await system.run.stop()
  expect(system.run.denials).toEqual([])
})

/** One sweep, and until its corrections are applied. */
async function sweep(): Promise<string> {
  const outcome = await system.run.invoke('ReconcileRooms', {})
  await system.settle()
  if (outcome.kind === 'failed') throw new Error(JSON.stringify(outcome))
  return (outcome.payload as { outcome: string }).outcome
}

const room = async (id: string) => (await system.query(`/api/rooms/${id}`)).body as RoomDetails
const stats = async () => (await system.query('/api/stats')).body as Record<string, unknown>

/** Everything that the platform told has reached the state. */
async function told(): Promise<void> {
  await avd.drainCallbacks()
  await system.settle()
}

async function fill(rooms: number, people: number): Promise<void> {
  for (let r = 0; r < rooms; r++)
    for (let u = 0; u < people; u++) {
      void avd.join(`R${r}`, `U${u}`, { user_name: `与会者 ${u}` })
      void avd.publish(`R${r}`, `U${u}`)
    }
  await told()
}

describe('after a crash of the media server', { timeout: 60_000 }, () => {
  it('those who reconnect keep their session, the others end as left, reconciled; no one else is touched', async () => {
    await begin()
    await fill(10, 20)
    expect(await stats()).toMatchObject({ rooms_open: 10, participants_present: 200 })
    const thrownOut = avd.crash()
    // Somebody in another room, whom the crash does not concern.
    void avd.join('other', 'bystander')
    await told()
    expect(await sweep()).toBe('swept')
    const back = thrownOut.filter((_, index) => index % 10 < 7)
    await avd.recover(back)
    await told()
    await delay(graceMs)
    expect(await sweep()).toBe('swept')
    const returned = new Set(back.map(({ room_id, user_id }) => `${room_id} ${user_id}`))
    expect(back).toHaveLength(140)
    for (let r = 0; r < 10; r++) {
      const { room: state, participants } = await room(`R${r}`)
      expect(state).toMatchObject({ status: 'open', present: 14, reopened: 1 })
      for (const person of participants)
        if (returned.has(`R${r} ${person.user_id}`))
          expect(person).toMatchObject({ status: 'in_room', reconnects: 1, estimated: false, streams: [{}] })
        else
          expect(person).toMatchObject({ status: 'left', leave_reason: 'reconciled', estimated: true, reconnects: 0 })
    }
    expect(await room('other')).toMatchObject({
      participants: [{ status: 'in_room', reconnects: 0, estimated: false }],
    })
    expect(await stats()).toMatchObject({
      participants_present: 141,
      last_sweep_ok: true,
      reconciliation: 'on',
      dead_letters: 0,
    })
  })

  it('a room that nobody comes back to is closed, reconciled', async () => {
    await begin()
    await fill(1, 2)
    avd.crash()
    await sweep()
    await delay(graceMs)
    await sweep()
    expect(await room('R0')).toMatchObject({
      room: { status: 'closed', close_reason: 'reconciled', present: 0, estimated: true },
      participants: [
        { status: 'left', leave_reason: 'reconciled' },
        { status: 'left', leave_reason: 'reconciled' },
      ],
    })
  })
})

describe('a list that proves nothing', () => {
  it.each([
    ['data.list', { status: 500 }],
    ['data.list', { ret: 17 }],
    ['data.list', 'html'],
    ['data.list', 'unrecognisable'],
    ['data.list', 'half'],
    ['paged', 'half'],
    ['paged', 'half-failing'],
    ['data.list', 'timeout'],
  ] as const)(
    '(%s: %j) corrects nothing, and after three in a row people are told',
    async (shape, how) => {
      await begin({ shape })
      for (let r = 0; r < (shape === 'paged' ? 120 : 2); r++) void avd.join(`R${r}`, 'U')
      await told()
      const alerts = await subscribeQueue(system.run, system.run.outputs.AlertTopicArn, { kind: ['sweep_failing'] })
      const before = await stats()
      // It was missing in one good sweep already; the failures make the count start again.
      avd.setListBehaviour('empty')
      expect(await sweep()).toBe('swept')
      await delay(graceMs)
      avd.setListBehaviour(how)
      for (let failure = 1; failure <= 3; failure++) {
        expect(await sweep()).toBe('failed')
        const told = failure === 3 ? [{ payload: { kind: 'sweep_failing', failures: 3 } }] : []
        expect(await alerts()).toMatchObject(told)
      }
      expect(await stats()).toMatchObject({
        last_sweep_ok: false,
        rooms_open: before.rooms_open,
        participants_present: before.participants_present,
      })
      avd.setListBehaviour('empty')
      expect(await sweep()).toBe('swept')
      expect(await stats()).toMatchObject({ last_sweep_ok: true, participants_present: before.participants_present })
    },
    60_000,
  )
})

describe('what was never told is found out', () => {
  it('at once where the master warns of a box, without waiting for the schedule', async () => {
    await begin()
    avd.dropCallbacks(1)
    void avd.join('R', 'U')
    await avd.drainCallbacks()
    avd.dropCallbacks(0)
    const corrections = await subscribeQueue(system.run, system.run.outputs.RoomEventTopicArn, {
      source: ['reconcile'],
    })
    await avd.sendPortWarning('box-01', [{ type: 'tcp', port: 8088 }])
    // The warning, the sweep that it calls for, and the corrections of that.
    for (let round = 0; round < 3; round++) await told()
    expect(await room('R')).toMatchObject({ participants: [{ user_id: 'U', status: 'in_room', estimated: true }] })
    // And programs hear of the corrections, as of every event.
    const heard = (await corrections()).map(({ payload }) => [payload.event, payload.source])
    expect(heard.sort()).toEqual([
      ['join', 'reconcile'],
      ['open', 'reconcile'],
    ])
  })

  it('a lost join: the user appears within one sweep, estimated; the genuine join then takes its place', async () => {
    await begin()
    avd.dropCallbacks(1)
    void avd.join('R', 'U', { user_name: '王小明', endpoint_type: 'ios' })
    await avd.drainCallbacks()
    avd.dropCallbacks(0)
    await sweep()
    expect(await room('R')).toMatchObject({
      room: { status: 'open', present: 1, estimated: true },
      participants: [{ user_id: 'U', user_name: '王小明', endpoint_type: 'ios', status: 'in_room', estimated: true }],
    })
    expect(await stats()).toMatchObject({ drift_last_sweep: 2 })
    void avd.join('R', 'U')
    void avd.openRoom('R2')
    await told()
    expect(await room('R')).toMatchObject({ participants: [{ estimated: false, reconnects: 0 }] })
  })

  it('a genuine leave that arrives after its estimate replaces it, reason and time', async () => {
    await begin()
    await fill(1, 2)
    avd.dropCallbacks(1)
    void avd.leave('R0', 'U0', 'serverKick')
    await avd.drainCallbacks()
    avd.dropCallbacks(0)
    await sweep()
    await delay(graceMs)
    await sweep()
    const estimate = (await room('R0')).participants.find((person) => person.user_id === 'U0')
    expect(estimate).toMatchObject({ status: 'left', leave_reason: 'reconciled', estimated: true })
    const sent = { event: 'leave', trace_id: 'late', room_id: 'R0', user_id: 'U0', event_type: 'serverKick' }
    await system.callback(signParameters(sent))
    await system.settle()
    const genuine = (await room('R0')).participants.find((person) => person.user_id === 'U0')
    expect(genuine).toMatchObject({ status: 'left', leave_reason: 'server_kick', estimated: false })
    expect(Date.parse(genuine?.left_at ?? '')).toBeGreaterThan(Date.parse(estimate?.left_at ?? ''))
  })

  it('even a leave that was received before the estimate, and comes up the road after it', async () => {
    await begin()
    await fill(1, 1)
    const leftAt = Date.now()
    await delay(5)
    avd.crash()
    await sweep()
    await delay(graceMs)
    await sweep()
    const params = { event: 'leave', room_id: 'R0', user_id: 'U0', event_type: 'normal', trace_id: 'slow' }
    const sqs = new SQSClient({
      endpoint: system.run.awsEndpointUrl,
      region: system.run.region,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    })
    const MessageBody = JSON.stringify({
      trace_id: 'slow',
      received_at: leftAt,
      source: 'callback',
      signed: true,
      params,
    })
    await sqs.send(new SendMessageCommand({ QueueUrl: system.run.outputs.EventQueueUrl, MessageBody }))
    await system.settle()
    expect(await room('R0')).toMatchObject({
      participants: [{ leave_reason: 'normal', left_at: new Date(leftAt).toISOString(), estimated: false }],
    })
  })
})

describe('a sweep may come twice, or die half way', () => {
  it('two at once: only one sweeps', async () => {
    await begin()
    await fill(1, 1)
    avd.setListBehaviour({ delayMs: 500 })
    const outcomes = await Promise.all([sweep(), sweep()])
    expect(outcomes.sort()).toEqual(['overlapping', 'swept'])
  })

  it('corrections that were sent before it failed count once, whatever comes after', async () => {
    await begin()
    await fill(3, 15)
    avd.crash()
    await sweep()
    await delay(graceMs)
    // It fails to keep its memory, which it does after the corrections.
    const mend = system.run.inject({ service: 'dynamodb', action: 'PutItem', principal: 'ReconcileRooms', status: 500 })
    expect(await sweep()).toBe('failed')
    mend()
    await sweep()
    await delay(graceMs)
    await sweep()
    for (const id of ['R0', 'R1', 'R2']) {
      const { room: state, participants } = await room(id)
      expect(state).toMatchObject({ status: 'closed', close_reason: 'reconciled' })
      for (const person of participants) expect(person).toMatchObject({ status: 'left', leave_reason: 'reconciled' })
      const { body } = await system.query(`/api/rooms/${id}/events?limit=1000`)
      const { items } = body as { items: { source: string }[] }
      expect(items.filter((item) => item.source === 'reconcile')).toHaveLength(16)
    }
  })
})

describe('without a platform', () => {
  it('nothing is reconciled, and the figures say so', async () => {
    avd = await startSimulatedAvd(keys)
    system = await startSystem()
    expect(await stats()).toMatchObject({ reconciliation: null, last_sweep_at: null })
    expect(await sweep()).toBe('not_configured')
    expect(await stats()).toMatchObject({ reconciliation: 'off', last_sweep_at: null, last_sweep_ok: null })
  })
})

describe('the lists of the platform', () => {
  it('may need the participant list for each room, or the paths of the secret', async () => {
    for (const [shape, paths] of [
      ['separate', undefined],
      ['custom', customListPaths],
    ] as const) {
      await begin({ shape }, paths)
      avd.dropCallbacks(1)
      void avd.join('R', 'U')
      await avd.drainCallbacks()
      expect(await sweep()).toBe('swept')
      expect(await room('R')).toMatchObject({ room: { present: 1 }, participants: [{ user_id: 'U', estimated: true }] })
      if (shape === 'separate') {
        await avd.stop()
        await system.run.stop()
      }
    }
  })
})
