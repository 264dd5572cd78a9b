import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toEventRecord } from '../../../core/notifications/room-event.ts'
import type { NorthboundEvent } from '../../../core/protocol/events.ts'
import { compareStates } from '../../chaos/compare-states.ts'
import { modelInstallation } from '../../chaos/model/installation.ts'
import { anyDeliveries, cut } from '../../support/events.ts'
import { personHistories, recordingHistories, repeatAndShuffle, roomHistories } from '../../support/model-histories.ts'
import { applyAndShow } from '../../support/product-state.ts'

/** Histories of each kind. By hand, for example: MODEL_RUNS=30000 npx vitest run test/unit/chaos/model-differential.test.ts */
const { MODEL_RUNS } = process.env
const numRuns = Number(MODEL_RUNS ?? 150)
/** The same histories in each run of the tests, and others by hand. */
const seeds = MODEL_RUNS === undefined ? { seed: 22 } : {}
const maxMs = numRuns * 100 + 60_000

const batchSizes = fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 3 })

describe('modelInstallation and the product', () => {
  it.each<[string, fc.Arbitrary<NorthboundEvent[]>]>([
    ['one person', repeatAndShuffle(personHistories)],
    ['rooms with three people', repeatAndShuffle(roomHistories)],
    ['exporters', repeatAndShuffle(recordingHistories)],
    ['all events, in two rooms', anyDeliveries],
  ])(
    'agree about random histories of %s, in any order and any batches',
    async (_, histories) => {
      await fc.assert(
        fc.asyncProperty(histories, batchSizes, async (events, sizes) => {
          const shown = await applyAndShow(cut(events, sizes))
          const { shown: expected } = modelInstallation(events.map(toEventRecord))
          expect(compareStates(shown, expected)).toEqual([])
        }),
        { numRuns, ...seeds },
      )
    },
    maxMs,
  )
})
