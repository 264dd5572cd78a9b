import { describe, expect, it } from 'vitest'
import { findDifference, foldHistory } from '../../../../core/projection/find-difference.ts'
import { isPastSession } from '../../../../core/projection/past-entries.ts'
import { type AggregateHistory, rebuild } from '../../../../core/projection/project.ts'
import { emptyProjection, type Projection } from '../../../../core/projection/projection.ts'
import { aggregateOf } from '../../../../core/state/aggregate.ts'
import { noCloses } from '../../../../core/state/closes.ts'
import { foldVersion, unknownFoldVersion } from '../../../../core/state/fold-version.ts'
import type { PastSession } from '../../../../core/state/session.ts'
import { rules } from '../../../support/apply.ts'
import { event } from '../../../support/events.ts'

const join = event('join', {}, { at: 10 })
const leave = event('leave', { event_type: 'normal' }, { at: 20 })
const rejoin = event('join', { endpoint_type: 'web' }, { at: 20_000 })
const noInput = { appended: [], unconfirmedDuplicates: [], closes: noCloses }
const empty = emptyProjection(aggregateOf(join))
const events = [join, leave, rejoin]
const unwritten: AggregateHistory = { base: 'beginning', events, closes: [], pastEntries: [], checkpoints: [] }
const { projection: unflushed } = rebuild(empty, unwritten, noInput, rules)
const pastSessions = unflushed.pendingPastWrites.flatMap(({ entry }) => (entry && isPastSession(entry) ? [entry] : []))
/** What is stored after the pending writes. */
const stored: Projection = { ...unflushed, pendingPastWrites: [] }

/** Compares as the function does. */
function compare(projection: Projection, storedSessions: readonly PastSession[]) {
  const folded = foldHistory(projection, { ...unwritten, pastEntries: storedSessions }, rules)
  return folded && findDifference(projection, folded, storedSessions)
}

describe('findDifference', () => {
  it('returns undefined for the fold of the history', () => {
    expect(pastSessions).toMatchObject([{ joined_at: 10, end: { at: 20 } }])
    expect(compare(stored, pastSessions)).toBeUndefined()
  })

  it('returns both states if they differ', () => {
    expect(compare({ ...stored, state: undefined }, pastSessions)).toEqual({
      stored: { fold_version: foldVersion, state: null, past_entries: [] },
      folded: { fold_version: foldVersion, state: stored.state, past_entries: [] },
    })
  })

  it('finds an aggregate that was never stored', () => {
    expect(compare(empty, [])).toMatchObject({
      stored: { state: null },
      folded: { state: stored.state, past_entries: pastSessions },
    })
  })

  it('returns the past sessions that are missing, wrong or too many', () => {
    const [session] = pastSessions
    if (session === undefined) throw new Error('no past session')
    const wrong = { ...session, user_name: 'wrong' }
    const surplus = { ...session, joined_at: 15 }
    expect(compare(stored, [])).toMatchObject({ stored: { past_entries: [] }, folded: { past_entries: [session] } })
    expect(compare(stored, [wrong])).toMatchObject({
      stored: { past_entries: [wrong] },
      folded: { past_entries: [session] },
    })
    expect(compare(stored, [session, surplus])).toMatchObject({
      stored: { past_entries: [surplus] },
      folded: { past_entries: [] },
    })
  })

  it('reports a projection of another fold version, even if the state is the same', () => {
    for (const version of [unknownFoldVersion, foldVersion + 1])
      expect(compare({ ...stored, foldVersion: version }, pastSessions)).toMatchObject({
        stored: { fold_version: version },
        folded: { fold_version: foldVersion, state: stored.state },
      })
  })
})

describe('foldHistory', () => {
  it('returns undefined if the log has no event of the aggregate any more', () => {
    expect(foldHistory(stored, { ...unwritten, events: [] }, rules)).toBeUndefined()
  })
})
