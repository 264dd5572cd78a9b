import { describe, it } from 'vitest'
import { verifyKilledApplyEvents } from '../chaos/kill-points/kill-apply-events.ts'
import { verifyKilledDeferral } from '../chaos/kill-points/kill-receive-callback.ts'
import { verifyKilledReconcileRooms } from '../chaos/kill-points/kill-reconcile-rooms.ts'
import { verifyKilledSweepAlerts } from '../chaos/kill-points/kill-sweep-alerts.ts'
import { everyPoint } from '../chaos/kill-points/walk-calls.ts'
import { startKillPoints } from '../support/kill-points.ts'

describe('a function that is killed before or after any of its calls', () => {
  const setup = startKillPoints()

  it('in a sweep has corrected every room once after the next sweeps', async () => {
    await verifyKilledReconcileRooms(setup(), everyPoint)
  }, 1_200_000)

  it('in a batch has applied and published all of it after its redelivery', async () => {
    await verifyKilledApplyEvents(setup().system, everyPoint)
  }, 1_200_000)

  it('in a sweep has sent every alert and all-clear after the next sweep', async () => {
    await verifyKilledSweepAlerts(setup(), everyPoint)
  }, 1_200_000)

  it('while the key cannot be read has acknowledged no callback that is lost', async () => {
    await verifyKilledDeferral(setup().system, everyPoint)
  }, 1_200_000)
})
