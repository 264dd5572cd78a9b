import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { NorthboundEvent } from '../../../../core/protocol/events.ts'
import {
  applyUntilDone,
  expectedPastEntries,
  expectedStates,
  memoryDependencies,
  readStoredPastEntries,
  readStoredStates,
} from '../../../support/apply.ts'
import { cut, event } from '../../../support/events.ts'

const dayMs = 86_400_000

function repeat(text: string, bytes: number): string {
  return text.repeat(Math.floor(bytes / Buffer.byteLength(text)))
}

/** Recordings of one exporter, one a day, each with long files and then a long reason. */
function recordDaily(days: number, text: string): NorthboundEvent[] {
  const [options, name] = [repeat(text, 240_000), repeat(text, 4096)]
  return Array.from({ length: days }, (_, day) => {
    const at = (day + 1) * dayMs
    const identity = { exporter_id: name, exporter_type: name, start_time: String(1_764_000_000 + day * 86_400) }
    return [
      event('start_record', { ...identity, event_type: 'success' }, { at }),
      event('stop_record', { ...identity, event_type: 'success', options, stop_time: name }, { at: at + 1 }),
      event('record_transcoding_completion', { ...identity, event_type: 'faild', options }, { at: at + 2 }),
    ]
  }).flat()
}

describe('applyBatch with a store that rejects items above 400 KB', () => {
  it.each(['x', '录', 'ab"', '🎥'])(
    'applies recordings with 240 KB of %s in files and reasons',
    async (text) => {
      const events = recordDaily(30, text)
      for (const order of [events, events.toReversed()]) {
        const dependencies = memoryDependencies()
        for (const batch of cut(order, [20])) await applyUntilDone(dependencies, batch)
        // The texts are too long for a readable difference.
        const states = await readStoredStates(dependencies.store, events)
        expect(states.size).toBe(1)
        expect(isDeepStrictEqual(states, expectedStates(events))).toBe(true)
        const pastEntries = await readStoredPastEntries(dependencies.store, events)
        expect([...pastEntries.values()].flat()).toHaveLength(29)
        expect(isDeepStrictEqual(pastEntries, expectedPastEntries(events))).toBe(true)
      }
    },
    120_000,
  )
})
