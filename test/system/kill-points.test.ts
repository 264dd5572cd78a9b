import { describe, it } from 'vitest'
import { verifyKilledApplyEvents } from '../chaos/kill-points/kill-apply-events.ts'
import { verifyKilledReceiveCallback } from '../chaos/kill-points/kill-receive-callback.ts'
import { verifyKilledReconcileRooms } from '../chaos/kill-points/kill-reconcile-rooms.ts'
import { verifyKilledSweepAlerts } from '../chaos/kill-points/kill-sweep-alerts.ts'
import { afterEveryWrite, afterWritesAtBorders, everyPoint } from '../chaos/kill-points/walk-calls.ts'
import { startKillPoints } from '../support/kill-points.ts'

/** With every call: npm run test:long -- kill-points */
describe('a function that is killed', () => {
  const setup = startKillPoints()

  it('in a sweep has corrected every room once after the next sweeps', async () => {
    await verifyKilledReconcileRooms(setup(), afterWritesAtBorders)
  })

  it('in a batch has applied and published all of it after its redelivery', async () => {
    await verifyKilledApplyEvents(setup().system, afterWritesAtBorders)
  })

  it('in a sweep has sent every alert and all-clear after the next sweep', async () => {
    await verifyKilledSweepAlerts(setup(), afterEveryWrite)
  })

  it('before or after any call has acknowledged no callback that is lost', async () => {
    await verifyKilledReceiveCallback(setup().system, everyPoint)
  })
})
