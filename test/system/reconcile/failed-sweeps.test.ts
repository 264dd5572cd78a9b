import { describe, expect, it } from 'vitest'
import { startReconciledSystem } from './reconciled-system.ts'
import { verifyThreeFailedSweeps } from './unusable-lists.ts'

/** A list that times out takes half a minute: npm run test:long -- failed-sweeps */
describe('reconciliation with unusable room lists', () => {
  it.each([
    ['with HTTP status 500', {}, { status: 500 }],
    ['with a ret other than 0', {}, { ret: 17 }],
    ['in HTML', {}, 'html'],
    ['without a recognisable structure', {}, 'unrecognisable'],
    ['in truncated JSON', {}, 'half'],
    ['with empty pages', { paging: 'total' }, 'half'],
    ['with pages that fail', { paging: 'total' }, 'half-failing'],
  ] as const)(
    'corrects nothing and alerts after the third list %s',
    (_description, options, behaviour) => verifyThreeFailedSweeps(options, behaviour),
    60_000,
  )
})

describe('reconciliation with interrupted or concurrent sweeps', () => {
  it('performs only one of two concurrent sweeps', async () => {
    const reconciled = await startReconciledSystem()
    await reconciled.populate(1, 1)
    reconciled.avd.setListBehaviour({ delayMs: 500 })
    const outcomes = await Promise.all([reconciled.sweep(), reconciled.sweep()])
    expect(outcomes.sort()).toEqual(['overlapping', 'swept'])
  })

  it('applies corrections once if the sweep that sent them failed afterwards', async () => {
    const reconciled = await startReconciledSystem()
    const { avd, system } = reconciled
    await reconciled.populate(3, 5)
    avd.crash()
    await reconciled.sweep()
    await reconciled.waitForGracePeriod()
    // The sweep writes its ledger after it has sent the corrections.
    const removeFault = system.run.inject({
      service: 'dynamodb',
      action: 'PutItem',
      principal: 'ReconcileRooms',
      status: 500,
    })
    expect(await reconciled.sweep()).toBe('failed')
    removeFault()
    await reconciled.sweepTwice()
    for (const id of ['R0', 'R1', 'R2']) {
      const { room, participants } = await reconciled.getRoom(id)
      expect(room).toMatchObject({ status: 'closed', close_reason: 'reconciled' })
      for (const participant of participants)
        expect(participant).toMatchObject({ status: 'left', leave_reason: 'reconciled' })
      const { body } = await system.query(`/api/rooms/${id}/events?limit=1000`)
      const { items } = body as { items: { source: string }[] }
      expect(items.filter((item) => item.source === 'reconcile')).toHaveLength(6)
    }
  })
})
