import { describe, expect, it } from 'vitest'
import { fromProjectionItem, toProjectionItem } from '../../../../adapters/dynamodb/projection-item.ts'
import { emptyProjection, isOutdated, type Projection } from '../../../../core/projection/projection.ts'
import { aggregateOf } from '../../../../core/state/aggregate.ts'
import { evolve } from '../../../../core/state/fold.ts'
import { orderKey } from '../../../../core/state/order.ts'
import { rules } from '../../../support/apply.ts'
import { event } from '../../../support/events.ts'

const join = event('join', {}, { at: 10 })
const publish = event('publish', { stream_id: 'S', stream_type: 'audio' }, { at: 20 })

function projectionOf(events: readonly (typeof join)[]): Projection {
  const watermark = orderKey(events.at(-1) ?? join)
  return { ...emptyProjection(aggregateOf(join)), state: evolve(undefined, events, [], rules), watermark }
}

describe('fromProjectionItem', () => {
  it('restores a participant with and without media as the next version', () => {
    for (const events of [[join], [join, publish]]) {
      const projection = projectionOf(events)
      expect(fromProjectionItem(toProjectionItem(projection, 400))).toStrictEqual({ ...projection, version: 1 })
    }
  })

  it('reads an item without a fold version as an outdated projection', () => {
    const projection = projectionOf([join, publish])
    const { fold: _fold, ...older } = toProjectionItem(projection, 400)
    const read = fromProjectionItem(older)
    expect(read).toStrictEqual({ ...projection, version: 1, foldVersion: 0 })
    expect(isOutdated(read)).toBe(true)
  })
})
