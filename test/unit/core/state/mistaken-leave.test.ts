import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { correctionAt, eventAt, participantAfter } from './states.ts'

const second = 1000
const minute = 60 * second

const evidence = fc.record({
  name: fc.constantFrom('publish', 'unpublish', 'sub', 'unsub', 'update'),
  stream_id: fc.constantFrom('a', 'b', 'c'),
  stream_type: fc.constantFrom('audio', 'video'),
  pauseMs: fc.integer({ min: 10 * second, max: 25 * minute }),
})

describe('a mistaken estimated leave', () => {
  it('leaves no difference once a genuine event contradicts it', () => {
    fc.assert(
      fc.property(
        fc.array(evidence, { minLength: 1, maxLength: 12 }),
        fc.nat(),
        fc.integer({ min: 1, max: 9 * second }),
        fc.boolean(),
        (entries, position, delayMs, ends) => {
          let at = 0
          const genuine = entries.map(({ name, stream_id, stream_type, pauseMs }) => {
            at += pauseMs
            return eventAt(at, name, name === 'update' ? { user_name: stream_id } : { stream_id, stream_type })
          })
          const history = [
            eventAt(0, 'join', { endpoint_type: 'web' }),
            ...genuine,
            ...(ends ? [eventAt(at + 40 * minute, 'leave', { event_type: 'normal' })] : []),
          ]
          // The mistake falls between two events, so the next one contradicts it.
          const before = history[position % genuine.length]
          const mistake = correctionAt((before?.received_at ?? 0) + delayMs, 'leave')
          const { evidence: _, ...corrected } = participantAfter(...history, mistake) ?? {}
          expect(corrected).toEqual(participantAfter(...history))
        },
      ),
      { numRuns: 3000 },
    )
  })
})
