import { describe, expect, it } from 'vitest'
import { diffPastEntries, type PastEntry } from '../../../../core/projection/past-entries.ts'
import type { NorthboundEvent } from '../../../../core/protocol/events.ts'
import { foldSteps, historyOf } from '../../../../core/state/fold.ts'
import { timeKey } from '../../../../core/state/order.ts'
import { collectPastEntries, rules } from '../../../support/apply.ts'
import { event } from '../../../support/events.ts'

const user = { user_id: 'U' }

const collectFrom = (...events: NorthboundEvent[]) =>
  collectPastEntries(foldSteps(undefined, historyOf(events), [], rules))

describe('findPastChanges', () => {
  it('finds nothing if there is only one session, open or ended', () => {
    expect(collectFrom(event('join', user, { at: 1 }))).toEqual([])
    expect(collectFrom(event('join', user, { at: 1 }), event('leave', user, { at: 2 }))).toEqual([])
  })

  it('finds the sessions that were followed by another one', () => {
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

  it('finds the recordings that were followed by another one, with their later changes', () => {
    const recordingOf = (start_time: string) => ({ event_type: 'success', exporter_id: 'E', start_time })
    expect(
      collectFrom(
        event('start_record', recordingOf('1764100000'), { at: 1 }),
        event('start_record', recordingOf('1764121600'), { at: 2 }),
        event('record_transcoding_completion', recordingOf('1764100000'), { at: 3 }),
      ),
    ).toMatchObject([{ start_time: '1764100000', status: 'ready', first_event_at: 1, last_event_at: 3 }])
  })
})

describe('diffPastEntries', () => {
  const pastSession = (joined_at: number, reconnects = 0) => ({
    joined_at,
    start_estimated: false,
    endpoint_type: null,
    reconnects,
    end: { at: joined_at + 1, reason: 'normal', estimated: false },
    user_name: null,
  })
  const stored = [pastSession(1), pastSession(5), pastSession(9)]
  const found = (...entries: PastEntry[]) => ({ entries, before: undefined, after: undefined })

  it('returns new entries, changed entries and removals', () => {
    expect(diffPastEntries(stored, found(pastSession(1), pastSession(5, 2), pastSession(7)), 0)).toEqual([
      { key: timeKey(5), entry: pastSession(5, 2) },
      { key: timeKey(7), entry: pastSession(7) },
      { key: timeKey(9), entry: null, at: 10 },
    ])
  })

  it('does not remove entries that began before the log', () => {
    expect(diffPastEntries(stored, found(pastSession(9)), 6)).toEqual([])
    expect(diffPastEntries(stored, found(pastSession(9)), 5)).toEqual([{ key: timeKey(5), entry: null, at: 6 }])
  })

  it('ignores the order of attributes', () => {
    const { end, ...rest } = pastSession(1)
    expect(diffPastEntries([pastSession(1)], found({ end, ...rest }), 0)).toEqual([])
  })
})
