import { describe, expect, it } from 'vitest'
import { findMistakes, type RecoveryFacts, type StoredFacts } from '../../../bench/recovery/check-outcome.ts'

const facts: RecoveryFacts = {
  acknowledged: new Set(['a', 'b']),
  published: new Set(['a', 'b', 'c']),
  metrics: new Map([
    ['EventsApplied', 2],
    ['EventsStale', 1],
  ]),
}
/** `c` was queued, but its acknowledgement did not arrive. */
const stored: StoredFacts = { logged: ['a', 'b', 'c'], deadLetters: 0, differences: 0 }

const metrics = (changes: Record<string, number>) => new Map([...facts.metrics, ...Object.entries(changes)])

describe('findMistakes', () => {
  it('finds none if every acknowledged event was logged, counted and published once', () => {
    expect(findMistakes(facts, stored)).toEqual([])
  })

  it.each<[string, Partial<RecoveryFacts>, Partial<StoredFacts>]>([
    ['acknowledged events that are not in the log: 1', { acknowledged: new Set(['a', 'b', 'd']) }, {}],
    ['acknowledged events that were not published: 1', { published: new Set(['a']) }, {}],
    ['events in the log more than once: 1', {}, { logged: ['a', 'b', 'c', 'a'] }],
    ['events counted as applied: 4 instead of 3', { metrics: metrics({ EventsApplied: 3 }) }, {}],
    ['events quarantined: 2', { metrics: metrics({ EventsQuarantined: 1, EventsTooLate: 1 }) }, {}],
    ['dead letters: 1', {}, { deadLetters: 1 }],
    ['projections that differ from the log: 1', {}, { differences: 1 }],
  ])('reports "%s"', (mistake, changedFacts, changedStored) => {
    const mistakes = findMistakes({ ...facts, ...changedFacts }, { ...stored, ...changedStored })
    expect(mistakes).toContainEqual(expect.stringContaining(mistake))
  })
})
