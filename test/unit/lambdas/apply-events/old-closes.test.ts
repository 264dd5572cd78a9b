import { describe, expect, it } from 'vitest'
import {
  applyUntilDone,
  expectedSessions,
  expectedStates,
  memoryDependencies,
  storedSessions,
  storedStates,
} from '../../../support/apply.ts'
import { event } from '../../../support/events.ts'

/** Closes of a permanent room, more than a room and its people remember. */
const closes = Array.from({ length: 12 }, (_, index) =>
  event('close', { event_type: 'auto' }, { at: 100 + 10 * index }),
)
const join = event('join', {}, { at: 50 })

describe('a close that comes later than all that is recentEvents', () => {
  const close = (at: number, trace: string) => event('close', { event_type: 'user' }, { at, trace })
  const late = close(60, 'late')
  const again = event('join', {}, { at: 105 })

  // Who is told of late has taken in the last close already, and would notice only one near it.
  it.each([
    ['ends the session that it should have ended', [...closes, join, late]],
    ['is found where a copy has moved it', [close(90, 'late'), ...closes, join, late]],
    ['moved before the session, ends it no more', [close(70, 'moved'), ...closes, join, close(40, 'moved')]],
    ['changes a past session too', [...closes, join, again, late]],
  ])('%s', async (_, events) => {
    const dependencies = memoryDependencies()
    for (const one of events) await applyUntilDone(dependencies, [one])
    expect(await storedStates(dependencies.store, events)).toEqual(expectedStates(events))
    expect(await storedSessions(dependencies.store, events)).toEqual(expectedSessions(events))
  })
})
