import { describe, it } from 'vitest'
import {
  verifyAnyDelivery,
  verifyConcurrentBatches,
  verifyFailingStores,
  verifyMarksDuringTraffic,
  verifyRebuildOfLostEvents,
} from '../../../support/convergence.ts'
import { killedDeliveries, verifyKilledBatches } from '../../../support/killed-batches.ts'
import { anyRoomDeliveries } from '../../../support/room-histories.ts'

describe('applyBatch', () => {
  it('stores the expected states for any order, batches and duplicates', () => verifyAnyDelivery(500))

  it('stores the expected states of a room at every limit of its rules', () =>
    verifyAnyDelivery(500, anyRoomDeliveries))

  it('stores the expected states if batches run concurrently, for any interleaving of store calls', () =>
    verifyConcurrentBatches(300))

  it('stores the expected states if store calls fail, before or after they take effect, and messages are redelivered', () =>
    verifyFailingStores(300))

  it('stores the expected states if projections are rebuilt while batches run and some events are only in the log', () =>
    verifyRebuildOfLostEvents(300))

  it('stores the expected states if projections are marked as outdated while batches run', () =>
    verifyMarksDuringTraffic(300))
})

describe('apply-events whose functions are killed at any call, or go on after their messages were delivered again', () => {
  it.each(killedDeliveries)('stores, logs, quarantines and publishes what it should of %s', (_, deliveries) =>
    verifyKilledBatches(250, deliveries),
  )
})
