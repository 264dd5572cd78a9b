import { describe, it } from 'vitest'
import {
  verifyConcurrentConflicts,
  verifyConflictsInAnyOrder,
  verifyConflictsInFailingStores,
} from '../support/conflicts.ts'
import {
  verifyAnyDelivery,
  verifyConcurrentBatches,
  verifyFailingStores,
  verifyMarksDuringTraffic,
  verifyRebuildOfLostEvents,
} from '../support/convergence.ts'
import { killedDeliveries, verifyKilledBatches } from '../support/killed-batches.ts'
import { memoryExpiringStores, verifyStateAfterExpiry } from '../support/retention.ts'
import { anyRoomDeliveries } from '../support/room-histories.ts'
import { verifySessionEnds } from '../support/session-ends.ts'

describe('applyBatch', () => {
  it('stores the expected states for any order, batches and duplicates', () => verifyAnyDelivery(3_000))

  it('stores the expected states if batches run concurrently, for any interleaving of store calls', () =>
    verifyConcurrentBatches(2_000))

  it('stores the expected states if store calls fail, before or after they take effect, and messages are redelivered', () =>
    verifyFailingStores(2_000))

  it('stores the expected states if projections are rebuilt while batches run and some events are only in the log', () =>
    verifyRebuildOfLostEvents(1_000))

  it('stores the expected states if projections are marked as outdated while batches run', () =>
    verifyMarksDuringTraffic(1_000))
})

describe('applyBatch with events of one room at every limit of its rules', () => {
  it('stores the expected states for any order, batches and duplicates', () =>
    verifyAnyDelivery(2_000, anyRoomDeliveries))

  it('stores the expected states if batches run concurrently, for any interleaving of store calls', () =>
    verifyConcurrentBatches(1_000, anyRoomDeliveries))

  it('stores the expected states if store calls fail, before or after they take effect, and messages are redelivered', () =>
    verifyFailingStores(1_000, anyRoomDeliveries))
})

describe('applyBatch with different events that share a trace_id', () => {
  it('stores the states of the events that count, for any order, batches and duplicates', () =>
    verifyConflictsInAnyOrder(2_000))

  it('stores the same if store calls fail, before or after they take effect, and messages are redelivered', () =>
    verifyConflictsInFailingStores(1_000))

  it('stores the same if batches run concurrently, for any interleaving of store calls', () =>
    verifyConcurrentConflicts(1_000))
})

describe('apply-events whose functions are killed at any call, or go on after their messages were delivered again', () => {
  it.each(killedDeliveries)('stores, logs, quarantines and publishes what it should of %s', (_, deliveries) =>
    verifyKilledBatches(10_000, deliveries),
  )
})

describe('applyBatch with a log that expires', () => {
  it('stores the fold of all events ever, whatever has expired', () =>
    verifyStateAfterExpiry(async () => memoryExpiringStores(), 2_000))
})

describe('publishApplied', () => {
  it('publishes the session of each leave and close as in the fold, for any order, batches and duplicates', () =>
    verifySessionEnds(2_000, false))

  it('publishes each session if calls of stores and topics fail, and messages are redelivered', () =>
    verifySessionEnds(1_000, true))
})
