import { customListPaths } from '@northbound/avd-simulator'
import { describe, expect, it, onTestFinished } from 'vitest'
import { subscribeQueue } from '../../../packages/template-runner/test/support/subscribe-queue.ts'
import { callAws } from '../../../packages/template-runner/test/system/run-fixture.ts'
import { startSystem } from '../../support/system.ts'
import { startReconciledSystem } from './reconciled-system.ts'

describe('reconciliation', () => {
  it.each([
    ['a participant list for each room', 'separate', undefined],
    ['the list paths in the secret', 'custom', customListPaths],
  ] as const)('finds a lost join with %s', async (_description, shape, listPaths) => {
    const reconciled = await startReconciledSystem({ shape }, listPaths)
    await reconciled.loseCallbacks(() => reconciled.avd.join('R', 'U'))
    expect(await reconciled.sweep()).toBe('swept')
    expect(await reconciled.getRoom('R')).toMatchObject({
      room: { present: 1 },
      participants: [{ user_id: 'U', estimated: true }],
    })
  })

  it('fails, alerts and raises an alarm while the secret is unusable, until it is usable again', async () => {
    // No instance of the function has read the secret yet: there was no sweep.
    const reconciled = await startReconciledSystem()
    const { avd, system } = reconciled
    const usable = { base_url: avd.url, access_key: 'ak', secret_key: 'sk' }
    const putSecret = (SecretString: string) =>
      callAws(system.run, 'secretsmanager', 'secretsmanager.PutSecretValue', {
        SecretId: system.run.outputs.AvdSecretArn,
        SecretString,
      })
    const notifications = await subscribeQueue(system.run, system.run.outputs.AlertTopicArn)
    /** The alerts of sweeps, without alarms. */
    const alerts = async () =>
      (await notifications()).filter(({ payload }) => payload.AlarmName === undefined).map(({ payload }) => payload)
    await putSecret(`${JSON.stringify(usable)},`)
    for (let sweeps = 0; sweeps < 3; sweeps++) expect(await reconciled.sweep()).toBe('failed')
    const reasons = { reason: 'the secret is not valid JSON', reason_zh: 'secret 的内容不是有效的 JSON' }
    expect(await alerts()).toEqual([{ kind: 'sweep_failing', failures: 3, ...reasons }])
    await system.run.evaluateAlarms()
    const alarm = { name: 'Northbound-secret-unusable', state: 'ALARM' }
    expect(system.run.alarms()).toContainEqual(expect.objectContaining(alarm))
    expect(await reconciled.getStats()).toMatchObject({ last_sweep_ok: false, warnings: ['sweep_failing'] })
    await putSecret(JSON.stringify(usable))
    // A secret is read again after two seconds at the earliest.
    await expect.poll(() => reconciled.sweep(), { interval: 1000, timeout: 15_000 }).toBe('swept')
    expect(await alerts()).toMatchObject([{ kind: 'all_clear', alert: 'sweep_failing' }])
    expect(await reconciled.getStats()).toMatchObject({ last_sweep_ok: true, warnings: [] })
  })

  it('stores the names of open rooms, shows them, and keeps them when the rooms close', async () => {
    const reconciled = await startReconciledSystem()
    const { avd, system } = reconciled
    await reconciled.populate(2, 1)
    avd.nameRoom('R0', '周会')
    await reconciled.sweep()
    const listNames = async (query = '') => {
      const { body } = await system.query(`/api/rooms${query}`)
      const { items } = body as { items: { room_id: string; name: string | null }[] }
      return Object.fromEntries(items.map(({ room_id, name }) => [room_id, name]))
    }
    expect(await listNames()).toEqual({ R0: '周会', R1: null })
    avd.nameRoom('R0', 'Review')
    await reconciled.sweep()
    void avd.closeRoom('R0')
    await reconciled.settle()
    expect(await listNames('?status=closed')).toEqual({ R0: 'Review' })
    const { items } = (await system.query('/api/rooms/R0/events')).body as {
      items: { event: string; source: string }[]
    }
    expect(items.filter(({ event }) => event === 'name_room')).toMatchObject([{ source: 'reconcile' }, {}])
  })

  it('is reported as off in the statistics if no platform is configured', async () => {
    const { run, query, settle } = await startSystem()
    onTestFinished(async () => {
      await run.stop()
      expect(run.denials).toEqual([])
    })
    expect((await query('/api/stats')).body).toMatchObject({ reconciliation: null, last_sweep_at: null })
    expect(await run.invoke('ReconcileRooms', {})).toMatchObject({ payload: { outcome: 'not_configured' } })
    await settle()
    expect((await query('/api/stats')).body).toMatchObject({
      reconciliation: 'off',
      last_sweep_at: null,
      last_sweep_ok: null,
    })
  })
})
