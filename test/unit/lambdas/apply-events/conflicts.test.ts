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

  it('lets no one out if the open was received first, whichever is applied first', async () => {
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

  it('keeps the quarantine of an event that a killed batch still took for the holder', async () => {
    const dependencies = inspectableStores()
    const { log } = dependencies
    const other = event('close', { event_type: 'auto' }, { at: 40, trace: 'shared' })
    await applyUntilDone(dependencies, [close])
    // The batch of the other close has read the log, and continues after the open has replaced the holder.
    await applyUntilDone(dependencies, [open])
    await log.recordConflict(other, close)
    await log.recordConflict(close, undefined)
    await applyUntilDone(dependencies, [other])
    await verifyConflicts(dependencies, [close, open, other])
  })

  it('states when a quarantined event was received first, in any order', async () => {
    for (const times of [
      [30, 50],
      [50, 30],
    ]) {
      const dependencies = inspectableStores()
      const closes = times.map((received_at) => ({ ...close, received_at }))
      for (const one of [open, ...closes]) await applyUntilDone(dependencies, [one])
      await verifyConflicts(dependencies, [open, ...closes])
    }
  })

  it('withdraws the quarantine of an event that a later delivery shows to be the first', async () => {
    const dependencies = inspectableStores()
    const events = [join, close, open, { ...close, received_at: 15 }]
    for (const one of events) await applyUntilDone(dependencies, [one])
    await verifyConflicts(dependencies, events)
    expect([...dependencies.log.quarantined.values()].map((record) => record.event)).toEqual([open])
  })
})
