import { describe, expect, it } from 'vitest'
import { listCases } from '../../support/list-cases.ts'
import { startReconciledSystem } from './reconciled-system.ts'

const accepted = listCases.filter(({ outcome }) => outcome === 'accepted')
const rejected = listCases.filter(({ outcome }) => outcome !== 'accepted')

describe('reconciliation with the list cases', { timeout: 60_000 }, () => {
  it('corrects nothing after answers that are no evidence, and adds everybody whom the others list', async () => {
    const reconciled = await startReconciledSystem()
    await reconciled.populate(2, 2)
    for (const { name, pages } of rejected) {
      reconciled.avd.setListBehaviour({ answers: pages })
      expect([name, await reconciled.sweep()]).toEqual([name, 'failed'])
    }
    expect(await reconciled.getStats()).toMatchObject({ rooms_open: 2, participants_present: 4, last_sweep_ok: false })
    for (const { name, pages, people = {} } of accepted) {
      reconciled.avd.setListBehaviour({ answers: pages })
      expect([name, await reconciled.sweep()]).toEqual([name, 'swept'])
      for (const [room_id, userIds] of Object.entries(people)) {
        const { participants } = await reconciled.getRoom(room_id)
        expect(participants.map(({ user_id }) => user_id)).toEqual(expect.arrayContaining([...userIds]))
      }
    }
    expect(await reconciled.getStats()).toMatchObject({ last_sweep_ok: true })
  })
})
