import { describe, expect, it } from 'vitest'
import { applyUntilDone, readStoredStates } from '../../../support/apply.ts'
import {
  inspectableStores,
  verifyConcurrentConflicts,
  verifyConflicts,
  verifyConflictsInAnyOrder,
  verifyConflictsInFailingStores,
} from '../../../support/conflicts.ts'
import { event } from '../../../support/events.ts'

describe('applyBatch with different events that share a trace_id', () => {
  it(
    'stores the states of the events that count and quarantines the others, for any order, batches and duplicates',
    () => verifyConflictsInAnyOrder(500),
    60_000,
  )

  it(
    'stores the same if store calls fail, before or after they take effect, and messages are redelivered',
    () => verifyConflictsInFailingStores(300),
    60_000,
  )

  it(
    'stores the same if batches run concurrently, for any interleaving of store calls',
    () => verifyConcurrentConflicts(200),
    60_000,
  )
})

describe('applyBatch with an open and a close that share a trace_id', () => {
  const join = event('join', {}, { at: 10 })
  const close = event('close', { event_type: 'user' }, { at: 30, trace: 'shared' })
  const open = event('open', {}, { at: 20, trace: 'shared' })

  it('lets nobody out if the open was received first, whichever is applied first', async () => {
    for (const events of [
      [join, open, close],
      [join, close, open],
      [close, open, join],
    ]) {
      const dependencies = inspectableStores()
      for (const one of events) await applyUntilDone(dependencies, [one])
      await verifyConflicts(dependencies, events)
      expect([...(await readStoredStates(dependencies.store, events)).values()]).toContainEqual(
        expect.objectContaining({ kind: 'participant', session: expect.objectContaining({ end: null }) }),
      )
    }
  })

  it('quarantines the close, with the reason', async () => {
    const dependencies = inspectableStores()
    for (const one of [join, close, open]) await applyUntilDone(dependencies, [one])
    expect([...dependencies.log.quarantined.values()]).toEqual([
      expect.objectContaining({ event: close, reason: 'trace_id reused with different content' }),
    ])
  })

  it('withdraws the quarantine of an event that a later delivery shows to be the first', async () => {
    const dependencies = inspectableStores()
    const events = [join, close, open, { ...close, received_at: 15 }]
    for (const one of events) await applyUntilDone(dependencies, [one])
    await verifyConflicts(dependencies, events)
    expect([...dependencies.log.quarantined.values()].map((record) => record.event)).toEqual([open])
  })
})
