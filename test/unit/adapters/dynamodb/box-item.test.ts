import { describe, expect, it } from 'vitest'
import { toProjectionItem } from '../../../../adapters/dynamodb/projection-item.ts'
import { decideAlerts, emptyOutbox } from '../../../../core/notifications/alert-outbox.ts'
import { limitPendingWrites } from '../../../../core/projection/limit-pending-writes.ts'
import { emptyProjection } from '../../../../core/projection/projection.ts'
import { foldSteps } from '../../../../core/state/fold.ts'
import { orderKey } from '../../../../core/state/order.ts'
import { event } from '../../../support/events.ts'
import { verifyItem } from '../../../support/item-limits.ts'

const rules = { alertWindowMs: 600_000, timeZone: 'UTC' }
const box_code = '箱'.repeat(1365)

/** More warnings than a media server keeps: of so many sets, each of one port. */
function stepsOf(sets: number) {
  const warnings = Array.from({ length: sets }, (_, port) => {
    const options = JSON.stringify([{ type: `${'口'.repeat(12)}tcp`, port }])
    return event('warning_notify', { box_code, options }, { at: 1_732_444_111_000 + port })
  })
  return foldSteps(undefined, warnings, [], rules)
}

describe('the stored projection of a media server', () => {
  it.each([
    ['one checkpoint with everything at its maximum', 3200],
    ['many checkpoints with all ports at their maximum', 510],
  ])('fits into an item if everything in it is at its maximum, with %s', (_name, setsOfCheckpoint) => {
    const steps = stepsOf(3200)
    const order = orderKey(event('warning_notify', {}, { trace: '键'.repeat(1365) }))
    const state = stepsOf(setsOfCheckpoint).at(-1)?.after ?? null
    const change = { at: 1_732_444_111_000, checkpoint: { order, state, next_at: 1_732_444_111_000 } }
    const projection = limitPendingWrites({
      ...emptyProjection({ kind: 'box', box_code }),
      state: steps.at(-1)?.after,
      alertOutbox: decideAlerts(emptyOutbox, steps, rules),
      watermark: order,
      pendingCheckpoints: Array.from({ length: 6 }, () => change),
    })
    expect(projection.state).toMatchObject({ alerts: { length: 3001 }, ports: { length: 500 } })
    expect(projection.alertOutbox).toMatchObject({ alerts: { length: 3001 }, pending: { length: 1000 } })
    expect(projection.pendingCheckpoints.length).toBeLessThan(6)
    expect(() => verifyItem(toProjectionItem(projection, 400))).not.toThrow()
  })
})
