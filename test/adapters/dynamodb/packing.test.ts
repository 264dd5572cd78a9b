import { marshall } from '@aws-sdk/util-dynamodb'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packMedia, packRemembered, unpackMedia, unpackRemembered } from '../../../adapters/dynamodb/packing.ts'
import { itemOf } from '../../../adapters/dynamodb/state-store.ts'
import { meetings, realisticMix } from '../../../bench/mix.ts'
import { sizeOf } from '../../../bench/write-units.ts'
import { evolve } from '../../../core/state/fold.ts'
import { orderKey } from '../../../core/state/order.ts'
import { subjectOf } from '../../../core/state/subject.ts'
import { remember } from '../../../lambdas/apply-events/remembered.ts'
import { emptyView } from '../../../lambdas/apply-events/stores.ts'

describe('packed', () => {
  it('media come back as they were', () => {
    const text = fc.string({ unit: 'binary' })
    const subscription = fc.record({ stream_id: text, stream_type: text, since: fc.nat() })
    const stream = fc.record({ stream_id: text, stream_type: text, since: fc.nat(), resolution: fc.option(text) })
    fc.assert(
      fc.property(fc.array(stream), fc.array(subscription), (streams, subscriptions) => {
        expect(unpackMedia(packMedia({ streams, subscriptions }))).toEqual({ streams, subscriptions })
      }),
    )
  })

  it('remembered events come back as they were, at any time that an envelope may have', () => {
    const [event] = meetings({ ...realisticMix, rooms: 1 })
    fc.assert(
      fc.property(fc.array(fc.record({ id: fc.string(), at: fc.nat(4_102_444_800_000) })), (times) => {
        const events = times.flatMap(({ id, at }) =>
          event === undefined ? [] : [{ ...event, trace_id: id, received_at: at }],
        )
        const remembered = remember([], events)
        expect(unpackRemembered(packRemembered(remembered))).toEqual(remembered)
      }),
    )
  })
})

it('the view of somebody with all that a join brings fits into one write unit', () => {
  const events = meetings({ ...realisticMix, rooms: 1, duplicates: 0 }).filter(
    ({ params }) => params.user_id === '10003',
  )
  const burst = events.slice(0, 12)
  const last = burst.at(-1)
  if (last?.event !== 'sub') throw new Error('the mix changed')
  const view = {
    ...emptyView(subjectOf(last)),
    state: evolve(undefined, burst, [], { alertWindowMs: 0 }),
    seen_close: { order: last.event, chain: 1 },
    watermark: orderKey(last),
    remembered: remember([], burst),
  }
  const size = sizeOf(JSON.parse(JSON.stringify(marshall(itemOf(view, 400)), base64)))
  expect(size).toBeLessThanOrEqual(1024)
})

/** As bytes travel. */
function base64(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('B' in value)) return value
  return { B: Buffer.from(value.B as Uint8Array).toString('base64') }
}
