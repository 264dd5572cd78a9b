import { describe, expect, it, vi } from 'vitest'
import * as metricNames from '../../../../names/metrics.ts'
import * as sweepLog from '../../../../names/sweep-log.ts'
import { MemoryReconciler } from './memory-reconciler.ts'

const list = [{ room_id: 'R', users: [{ user_id: 'a' }, { user_id: 'b' }] }]

describe('a sweep', () => {
  it('emits no metric if platform and state agree, since each hour with a value costs', async () => {
    const reconciler = new MemoryReconciler()
    const addMetric = vi.spyOn(reconciler.metrics, 'addMetric')
    await reconciler.sweep([])
    expect(addMetric).not.toHaveBeenCalled()
  })

  it('counts drift and corrections if there are any', async () => {
    const reconciler = new MemoryReconciler()
    const addMetric = vi.spyOn(reconciler.metrics, 'addMetric')
    await reconciler.sweep(list)
    expect(addMetric.mock.calls).toEqual([
      [metricNames.driftFound, 'Count', 3],
      [metricNames.corrections, 'Count', 3],
    ])
  })

  it('logs the numbers of rooms and users on both sides, whether they agree or not', async () => {
    const reconciler = new MemoryReconciler()
    const info = vi.spyOn(reconciler.logger, 'info')
    await reconciler.sweep(list)
    await reconciler.sweep(list)
    const counts = { [sweepLog.roomsObserved]: 1, [sweepLog.usersObserved]: 2, [sweepLog.duration]: 0 }
    expect(info.mock.calls).toEqual([
      [
        sweepLog.message,
        {
          ...counts,
          [sweepLog.roomsStored]: 0,
          [sweepLog.usersStored]: 0,
          [sweepLog.drift]: 3,
          [sweepLog.corrections]: 3,
        },
      ],
      [
        sweepLog.message,
        {
          ...counts,
          [sweepLog.roomsStored]: 1,
          [sweepLog.usersStored]: 2,
          [sweepLog.drift]: 0,
          [sweepLog.corrections]: 0,
        },
      ],
    ])
  })
})
