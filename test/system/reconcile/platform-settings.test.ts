import { customListPaths } from '@northbound/avd-simulator'
import { describe, expect, it, onTestFinished } from 'vitest'
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
