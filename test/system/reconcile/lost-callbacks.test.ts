import { setTimeout as sleep } from 'node:timers/promises'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { describe, expect, it } from 'vitest'
import { documentClient } from '../../../adapters/dynamodb/client.ts'
import { dynamodbSweepAlertStore } from '../../../adapters/dynamodb/sweep-alert-store.ts'
import { subscribeQueue } from '../../../packages/template-runner/test/support/subscribe-queue.ts'
import { type System, signParameters } from '../../support/system.ts'
import { startReconciledSystem } from './reconciled-system.ts'

/** Lets the silence that the sweeps have noticed begin earlier. */
async function prolongSilence({ run }: System, ms: number): Promise<void> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const client = new DynamoDBClient({ endpoint: run.awsEndpointUrl, region: run.region, credentials })
  const store = dynamodbSweepAlertStore(documentClient(client), run.outputs.StateTableName ?? '')
  const { open, silence } = await store.read()
  if (silence === undefined) throw new Error('the sweeps have noticed no silence')
  await store.write({ open, silence: { ...silence, since: silence.since - ms } })
}

describe('reconciliation of lost callbacks', () => {
  it('starts when the master warns about a media server and publishes its corrections as room events', async () => {
    const reconciled = await startReconciledSystem()
    const { avd, system } = reconciled
    await reconciled.loseCallbacks(() => avd.join('R', 'U'))
    const corrections = await subscribeQueue(system.run, system.run.outputs.RoomEventTopicArn, {
      source: ['reconcile'],
    })
    await avd.sendPortWarning('box-01', [{ type: 'tcp', port: 8088 }])
    // Applies the warning, then the sweep that it starts, then the corrections of the sweep.
    for (let step = 0; step < 3; step++) await reconciled.settle()
    expect(await reconciled.getRoom('R')).toMatchObject({
      participants: [{ user_id: 'U', status: 'in_room', estimated: true }],
    })
    const published = (await corrections()).map(({ payload }) => [payload.event, payload.source])
    expect(published.sort()).toEqual([
      ['join', 'reconcile'],
      ['open', 'reconcile'],
    ])
  })

  it('starts with every warning, even if its alert is suppressed', async () => {
    const reconciled = await startReconciledSystem()
    const { avd, system } = reconciled
    const ports = [{ type: 'tcp', port: 8088 }]
    const alerts = await subscribeQueue(system.run, system.run.outputs.AlertTopicArn)
    // The first warning fails before it takes a time slot, so that the next one need not wait for 10 s.
    const removeFault = system.run.inject({ service: 'dynamodb', action: 'UpdateItem', principal: 'ReconcileRooms' })
    await avd.sendPortWarning('box-01', ports)
    for (let step = 0; step < 2; step++) await reconciled.settle()
    removeFault()
    expect(await alerts()).toHaveLength(1)
    await reconciled.loseCallbacks(() => avd.join('R', 'U'))
    await avd.sendPortWarning('box-01', ports)
    for (let step = 0; step < 3; step++) await reconciled.settle()
    expect(await alerts()).toEqual([])
    expect(await reconciled.getRoom('R')).toMatchObject({ participants: [{ user_id: 'U', estimated: true }] })
  })

  it('alerts if no callback arrives although people are in rooms, until one arrives', async () => {
    const reconciled = await startReconciledSystem()
    const { avd, system } = reconciled
    const alerts = await subscribeQueue(system.run, system.run.outputs.AlertTopicArn)
    const receiveKinds = async () => (await alerts()).map(({ payload: { kind, alert } }) => [kind, alert])
    for (let user = 0; user < 10; user++) await reconciled.loseCallbacks(() => avd.join(`R${user % 3}`, `lost-${user}`))
    await reconciled.sweep()
    expect(await receiveKinds()).toEqual([])
    expect(await reconciled.getStats()).toMatchObject({
      participants_present: 10,
      last_callback_at: null,
      warnings: [],
    })
    await prolongSilence(system, 11 * 60_000)
    await reconciled.sweep()
    expect(await receiveKinds()).toEqual([['callbacks_missing', undefined]])
    expect(await reconciled.getStats()).toMatchObject({ warnings: ['callbacks_missing'] })
    await reconciled.sweep()
    expect(await receiveKinds()).toEqual([])
    void avd.join('R0', 'U1')
    await reconciled.settle()
    // The next sweep sends the all-clear.
    expect(await reconciled.getStats()).toMatchObject({ last_callback_at: expect.any(String), warnings: [] })
    await reconciled.sweep()
    expect(await receiveKinds()).toEqual([['all_clear', 'callbacks_missing']])
  })

  it('adds a user whose join was lost as estimated within one sweep, until the genuine join arrives', async () => {
    const reconciled = await startReconciledSystem()
    const { avd } = reconciled
    await reconciled.loseCallbacks(() => avd.join('R', 'U', { user_name: '王小明', endpoint_type: 'ios' }))
    await reconciled.sweep()
    expect(await reconciled.getRoom('R')).toMatchObject({
      room: { status: 'open', present: 1, estimated: true },
      participants: [{ user_id: 'U', user_name: '王小明', endpoint_type: 'ios', status: 'in_room', estimated: true }],
    })
    expect(await reconciled.getStats()).toMatchObject({ drift_last_sweep: 2 })
    void avd.join('R', 'U')
    void avd.openRoom('R2')
    await reconciled.settle()
    expect(await reconciled.getRoom('R')).toMatchObject({ participants: [{ estimated: false, reconnects: 0 }] })
  })

  it('replaces the reason and time of an estimated leave when the genuine leave arrives', async () => {
    const reconciled = await startReconciledSystem()
    const { avd, system } = reconciled
    await reconciled.populate(1, 2)
    await reconciled.loseCallbacks(() => avd.leave('R0', 'U0', 'serverKick'))
    await reconciled.sweepTwice()
    const findUser = async () => (await reconciled.getRoom('R0')).participants.find(({ user_id }) => user_id === 'U0')
    const estimate = await findUser()
    expect(estimate).toMatchObject({ status: 'left', leave_reason: 'reconciled', estimated: true })
    const leave = { event: 'leave', trace_id: 'late', room_id: 'R0', user_id: 'U0', event_type: 'serverKick' }
    await system.callback(signParameters(leave))
    await system.settle()
    const genuine = await findUser()
    expect(genuine).toMatchObject({ status: 'left', leave_reason: 'server_kick', estimated: false })
    expect(Date.parse(genuine?.left_at ?? '')).toBeGreaterThan(Date.parse(estimate?.left_at ?? ''))
  })

  it('replaces an estimated leave by a genuine leave that was received earlier but applied later', async () => {
    const reconciled = await startReconciledSystem()
    const { avd, system } = reconciled
    await reconciled.populate(1, 1)
    const leftAtMs = Date.now()
    // The crash must be later than the leave.
    await sleep(5)
    avd.crash()
    await reconciled.sweepTwice()
    const leave = { event: 'leave', trace_id: 'slow', room_id: 'R0', user_id: 'U0', event_type: 'normal' }
    await system.enqueue(leave, leftAtMs)
    await system.settle()
    expect(await reconciled.getRoom('R0')).toMatchObject({
      participants: [{ leave_reason: 'normal', left_at: new Date(leftAtMs).toISOString(), estimated: false }],
    })
  })
})
