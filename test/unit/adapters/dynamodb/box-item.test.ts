import { describe, expect, it } from 'vitest'
import { toProjectionItem } from '../../../../adapters/dynamodb/projection-item.ts'
import { decideAlerts, emptyOutbox } from '../../../../core/notifications/alert-outbox.ts'
import { limitPendingWrites } from '../../../../core/projection/limit-pending-writes.ts'
import { emptyProjection } from '../../../../core/projection/projection.ts'
import { foldSteps } from '../../../../core/state/fold.ts'
import { orderKey } from '../../../../core/state/order.ts'
import { event } from '../../../support/events.ts'
import { verifyItem } from '../../../support/item-limits.ts'

describe('the stored projection of a media server', () => {
  it('fits into an item if everything in it is at its maximum', () => {
    const box_code = '箱'.repeat(1365)
    const warnings = Array.from({ length: 4200 }, (_, port) => {
      const options = JSON.stringify([{ type: `${'口'.repeat(12)}tcp`, port }])
      return event('warning_notify', { box_code, options }, { at: 1_732_444_111_000 + port })
    })
    const rules = { alertWindowMs: 600_000, timeZone: 'Asia/Shanghai' }
    const steps = foldSteps(undefined, warnings, [], rules)
    const state = steps.at(-1)?.after ?? null
    const order = orderKey(event('warning_notify', {}, { trace: '键'.repeat(1365) }))
    const change = { at: 1_732_444_111_000, checkpoint: { order, state, next_at: 1_732_444_111_000 } }
    const projection = limitPendingWrites({
      ...emptyProjection({ kind: 'box', box_code }),
      state: state ?? undefined,
      alertOutbox: decideAlerts(emptyOutbox, steps, rules),
      watermark: order,
      pendingCheckpoints: [change, change, change],
    })
    expect(projection.state).toMatchObject({ alerts: { length: 4001 }, ports: { length: 500 } })
    expect(projection.alertOutbox).toMatchObject({ alerts: { length: 4001 }, pending: { length: 1000 } })
    expect(projection.pendingCheckpoints).toHaveLength(1)
    expect(() => verifyItem(toProjectionItem(projection, 400))).not.toThrow()
  })
})
