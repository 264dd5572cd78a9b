import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  packMedia,
  packPortAlerts,
  packRecentEvents,
  unpackMedia,
  unpackPortAlerts,
  unpackRecentEvents,
} from '../../../../adapters/dynamodb/packing.ts'
import { generateMeetings, realisticMix } from '../../../../bench/mix.ts'
import { storedProjectionSize } from '../../../../bench/stored-projections.ts'
import { addRecentEvents } from '../../../../core/projection/recent-events.ts'
import { orderKey } from '../../../../core/state/order.ts'
import { anyText } from '../../../support/any-text.ts'

describe('unpackMedia', () => {
  it('restores what packMedia packed', () => {
    const text = anyText()
    const subscription = fc.record({ stream_id: text, stream_type: text, since: fc.nat() })
    const stream = fc.record({ stream_id: text, stream_type: text, since: fc.nat(), resolution: fc.option(text) })
    fc.assert(
      fc.property(fc.array(stream), fc.array(subscription), (streams, subscriptions) => {
        expect(unpackMedia(packMedia({ streams, subscriptions }))).toEqual({ streams, subscriptions })
      }),
    )
  })
})

describe('unpackRecentEvents', () => {
  it('restores what packRecentEvents packed, for any time that an envelope can have', () => {
    const [event] = generateMeetings({ ...realisticMix, rooms: 1 })
    fc.assert(
      fc.property(fc.array(fc.record({ id: fc.string(), at: fc.nat(4_102_444_800_000) })), (times) => {
        const events = times.flatMap(({ id, at }) =>
          event === undefined ? [] : [{ ...event, trace_id: id, received_at: at }],
        )
        const recentEvents = addRecentEvents([], events)
        expect(unpackRecentEvents(packRecentEvents(recentEvents))).toEqual(recentEvents)
      }),
    )
  })
})

describe('unpackPortAlerts', () => {
  it('restores what packPortAlerts packed in 16 bytes each', () => {
    const alert = fc.record({
      set: fc.nat(2 ** 48 - 1),
      sent_at: fc.nat(4_102_444_800_000),
      warnings: fc.nat(2 ** 32 - 1),
    })
    fc.assert(
      fc.property(fc.array(alert), (alerts) => {
        const packed = packPortAlerts(alerts)
        expect(packed).toHaveLength(16 * alerts.length)
        expect(unpackPortAlerts(packed)).toEqual(alerts)
      }),
    )
  })
})

describe('the stored projection of a participant after a typical join', () => {
  const events = generateMeetings({ ...realisticMix, rooms: 1, duplicateShare: 0 }).filter(
    ({ params }) => params.user_id === '10003',
  )
  const burst = events.slice(0, 12)
  // A permanent room has been closed before.
  const seenClose = { order: orderKey(burst[0] as (typeof burst)[number]), chain: 2_147_483_647 }

  it('fits into one write unit', () => {
    expect(burst.map(({ event }) => event).join()).toMatch(/^join(,publish|,sub){11}$/)
    expect(storedProjectionSize(burst, { version: 1000, seenClose })).toBeLessThanOrEqual(1024)
  })
})
