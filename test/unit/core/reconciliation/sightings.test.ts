import { describe, expect, it } from 'vitest'
import type { StoredPresence } from '../../../../core/reconciliation/presence.ts'
import { minuteMs, observe, SweepSeries, store, storeRoom, summarize } from './sweep-series.ts'

const room = storeRoom('R', [])
const listed = observe('R', ['U'])
const away = (changed_at: number): StoredPresence =>
  store({ room_id: 'R', user_id: 'U' }, { present: false, changed_at })

/** What each sweep decides, one minute after the other. Each states when U last changed (s), or that the list lacks U. */
function sweepEveryMinute(sweeps: readonly (number | 'not listed' | 'failed')[], visibleMessages = 0) {
  const series = new SweepSeries()
  return sweeps.map((sweep, index) => {
    const at = (index + 1) * minuteMs
    if (sweep === 'failed') {
      series.fail()
      return []
    }
    const observed = sweep === 'not listed' ? observe('R', []) : listed
    const stored = sweep === 'not listed' ? room : [...room, away(sweep * 1000)]
    return summarize(series.sweep({ observed, stored, at, visibleMessages }))
  })
}

describe('a presence that is in the list but not stored', () => {
  it('begins at once, when the sweep started, with what the list says', () => {
    const observed = [{ room_id: 'R', users: [{ user_id: 'U', user_name: '王', endpoint_type: 'web' }] }]
    const corrections = new SweepSeries().sweep({ observed, stored: [], at: minuteMs })
    expect(corrections.map(({ envelope }) => envelope)).toMatchObject([
      { source: 'reconcile', received_at: minuteMs, params: { event: 'open', room_id: 'R' } },
      {
        source: 'reconcile',
        received_at: minuteMs,
        params: { event: 'join', room_id: 'R', user_id: 'U', user_name: '王', endpoint_type: 'web' },
      },
    ])
  })

  it('begins at the second sweep in a row if something was heard of it in the last 30 s', () => {
    expect(sweepEveryMinute([30])).toEqual([['join R U 60']])
    expect(sweepEveryMinute([31, 31])).toEqual([[], ['join R U 120']])
  })

  it('never begins before or together with its last event, when it would change nothing', () => {
    const series = new SweepSeries()
    const sweepAt = (at: number) => summarize(series.sweep({ observed: listed, stored: [...room, away(minuteMs)], at }))
    expect([minuteMs - 1, minuteMs, minuteMs + 1].map(sweepAt)).toEqual([[], [], ['join R U 60.001']])
  })

  it('waits again if something was heard between the two sweeps', () => {
    expect(sweepEveryMinute([50, 110])).toEqual([[], []])
  })

  it('waits for two sweeps in a row if the list lacked it, or a sweep failed, in between', () => {
    expect(sweepEveryMinute([50, 'not listed', 170])).toEqual([[], [], []])
    expect(sweepEveryMinute([170, 'failed', 170, 170])).toEqual([[], [], [], ['join R U 240']])
  })

  it('waits for the second sweep while more than 100 messages are visible in the queue', () => {
    expect(sweepEveryMinute([0], 100)).toEqual([['join R U 60']])
    expect(sweepEveryMinute([0, 0], 101)).toEqual([[], ['join R U 120']])
  })

  it('waits with its room if that has just closed', () => {
    const closed = store({ room_id: 'R' }, { present: false, changed_at: 59_000 })
    const series = new SweepSeries()
    const sweeps = [1, 2].map((minute) =>
      summarize(series.sweep({ observed: listed, stored: [closed], at: minute * minuteMs })),
    )
    expect(sweeps).toEqual([[], ['open R 120', 'join R U 120']])
  })

  it('is sent once while its message waits in the queue', () => {
    const sweeps = sweepEveryMinute(Array.from({ length: 60 }, () => 0))
    expect(sweeps.flat()).toEqual(['join R U 60'])
  })

  it('has another trace_id after anything about it has changed', () => {
    const traceIdFor = (session_ref: string) =>
      new SweepSeries().sweep({
        observed: listed,
        stored: [...room, { ...away(0), session_ref }],
        at: minuteMs,
      })[0]?.envelope.trace_id
    expect(traceIdFor('left 1')).toBeDefined()
    expect(traceIdFor('left 1')).not.toBe(traceIdFor('left 2'))
  })
})
