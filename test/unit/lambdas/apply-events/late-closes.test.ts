import { describe, expect, it } from 'vitest'
import { applyBatch } from '../../../../lambdas/apply-events/apply-batch.ts'
import {
  applyUntilDone,
  expectedSessions,
  expectedStates,
  memoryDependencies,
  readStoredSessions,
  readStoredStates,
  unlimited,
} from '../../../support/apply.ts'
import { event } from '../../../support/events.ts'

/** Closes of a permanent room: more than a room tracks. */
const closes = Array.from({ length: 12 }, (_, index) =>
  event('close', { event_type: 'auto' }, { at: 100 + 10 * index }),
)
const join = event('join', {}, { at: 50 })

describe('applyBatch with a close that is older than all tracked closes', () => {
  const closeAt = (at: number, trace: string) => event('close', { event_type: 'user' }, { at, trace })
  const late = closeAt(60, 'late')
  const rejoin = event('join', {}, { at: 105 })

  // The participant's projection has already applied the last close, so its chain does not show the late one.
  it.each([
    ['ends the session that was open at its time', [...closes, join, late]],
    [
      'ends the session if a duplicate moved the close to an earlier time',
      [closeAt(90, 'late'), ...closes, join, late],
    ],
    [
      'no longer ends the session if a duplicate moved the close before its start',
      [closeAt(70, 'moved'), ...closes, join, closeAt(40, 'moved')],
    ],
    ['also ends a past session', [...closes, join, rejoin, late]],
  ])('%s', async (_, events) => {
    const dependencies = memoryDependencies()
    for (const event of events) await applyUntilDone(dependencies, [event])
    expect(await readStoredStates(dependencies.store, events)).toEqual(expectedStates(events))
    expect(await readStoredSessions(dependencies.store, events)).toEqual(expectedSessions(events))
  })
})

describe('applyBatch with a close whose first delivery failed and was lost', () => {
  it('ends the sessions at the logged time when a later duplicate arrives', async () => {
    const closeAt = (at: number) => event('close', { event_type: 'user' }, { at, trace: 'repeated' })
    const events = [join, event('leave', {}, { at: 150 }), closeAt(100)]
    const dependencies = memoryDependencies()
    await applyUntilDone(dependencies, events.slice(0, 2))
    const readCloseCandidates = () => Promise.reject(new Error('failed'))
    const failing = { ...dependencies, store: { ...dependencies.store, readCloseCandidates } }
    const { outcomes } = await applyBatch(failing, events.slice(2), unlimited)
    expect([...outcomes.values()]).toEqual([expect.any(Error)])
    await applyUntilDone(dependencies, [closeAt(200)])
    expect(await readStoredStates(dependencies.store, events)).toEqual(expectedStates(events))
  })
})
