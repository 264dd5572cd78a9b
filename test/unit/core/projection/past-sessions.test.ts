import { describe, expect, it } from 'vitest'
import { collectPastSessions, diffPastSessions } from '../../../../core/projection/past-sessions.ts'
import { foldSteps, historyOf } from '../../../../core/state/fold.ts'
import { event } from '../../../support/events.ts'

const past = (...events: ReturnType<typeof event>[]) =>
  collectPastSessions(foldSteps(undefined, historyOf(events), [], { alertWindowMs: 1 }))
const who = { user_id: 'U' }

describe('the past sessions of a person', () => {
  it('are none while the last one goes on, or is over', () => {
    expect(past(event('join', who, { at: 1 }))).toEqual([])
    expect(past(event('join', who, { at: 1 }), event('leave', who, { at: 2 }))).toEqual([])
  })

  it('are those that another followed, as they ended', () => {
    const name = (user_name: string) => ({ ...who, user_name })
    expect(
      past(
        event('join', name('one'), { at: 1 }),
        event('join', who, { at: 2 }),
        event('leave', who, { at: 3 }),
        event('join', name('two'), { at: 4 }),
        event('leave', who, { at: 5 }),
        event('join', who, { at: 6 }),
      ),
    ).toMatchObject([
      { joined_at: 1, reconnects: 1, user_name: 'one', end: { at: 3 } },
      { joined_at: 4, reconnects: 0, user_name: 'two', end: { at: 5 } },
    ])
  })
})

describe('what is to be written', () => {
  const stay = (joined_at: number, reconnects = 0) => ({
    joined_at,
    start_estimated: false,
    endpoint_type: null,
    reconnects,
    end: { at: joined_at + 1, reason: 'normal', estimated: false },
    user_name: null,
  })
  const written = [stay(1), stay(5), stay(9)]

  it('is what is new, what changed, and what turned out not to be', () => {
    expect(diffPastSessions(written, [stay(1), stay(5, 2), stay(7)], 0)).toEqual([
      { joined_at: 5, session: stay(5, 2) },
      { joined_at: 7, session: stay(7) },
      { joined_at: 9, session: null },
    ])
  })

  it('is nothing about what began before the log does', () => {
    expect(diffPastSessions(written, [stay(9)], 6)).toEqual([])
    expect(diffPastSessions(written, [stay(9)], 5)).toEqual([{ joined_at: 5, session: null }])
  })
})
