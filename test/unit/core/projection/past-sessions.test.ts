import { describe, expect, it } from 'vitest'
import { collectPastSessions, diffPastSessions } from '../../../../core/projection/past-sessions.ts'
import { foldSteps, historyOf } from '../../../../core/state/fold.ts'
import { event } from '../../../support/events.ts'

const user = { user_id: 'U' }

describe('collectPastSessions', () => {
  const collectFrom = (...events: ReturnType<typeof event>[]) =>
    collectPastSessions(foldSteps(undefined, historyOf(events), [], { alertWindowMs: 1 }))

  it('returns an empty list if there is only one session, open or ended', () => {
    expect(collectFrom(event('join', user, { at: 1 }))).toEqual([])
    expect(collectFrom(event('join', user, { at: 1 }), event('leave', user, { at: 2 }))).toEqual([])
  })

  it('returns the sessions that were followed by another one', () => {
    const named = (user_name: string) => ({ ...user, user_name })
    expect(
      collectFrom(
        event('join', named('one'), { at: 1 }),
        event('join', user, { at: 2 }),
        event('leave', user, { at: 3 }),
        event('join', named('two'), { at: 4 }),
        event('leave', user, { at: 5 }),
        event('join', user, { at: 6 }),
      ),
    ).toMatchObject([
      { joined_at: 1, reconnects: 1, user_name: 'one', end: { at: 3 } },
      { joined_at: 4, reconnects: 0, user_name: 'two', end: { at: 5 } },
    ])
  })
})

describe('diffPastSessions', () => {
  const pastSession = (joined_at: number, reconnects = 0) => ({
    joined_at,
    start_estimated: false,
    endpoint_type: null,
    reconnects,
    end: { at: joined_at + 1, reason: 'normal', estimated: false },
    user_name: null,
  })
  const stored = [pastSession(1), pastSession(5), pastSession(9)]

  it('returns new sessions, changed sessions and removals', () => {
    expect(diffPastSessions(stored, [pastSession(1), pastSession(5, 2), pastSession(7)], 0)).toEqual([
      { joined_at: 5, session: pastSession(5, 2) },
      { joined_at: 7, session: pastSession(7) },
      { joined_at: 9, session: null },
    ])
  })

  it('does not remove sessions that began before the log', () => {
    expect(diffPastSessions(stored, [pastSession(9)], 6)).toEqual([])
    expect(diffPastSessions(stored, [pastSession(9)], 5)).toEqual([{ joined_at: 5, session: null }])
  })
})
