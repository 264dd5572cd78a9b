import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  packPortAlerts,
  packRecentEvents,
  unpackPortAlerts,
  unpackRecentEvents,
} from '../../../../adapters/dynamodb/packing.ts'
import { generateMeetings, realisticMix } from '../../../../bench/mix.ts'
import { addRecentEvents } from '../../../../core/projection/recent-events.ts'

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
