import type { Interval } from '@northbound/avd-simulator'
import { describe, expect, it } from 'vitest'
import { formatCauses } from '../../../../bench/truth/causes.ts'
import { subtract, totalMs, unite } from '../../../../bench/truth/intervals.ts'
import type { TruthReceiver } from '../../../../bench/truth/receiver.ts'
import { score } from '../../../../bench/truth/score.ts'
import { ShownIntervals } from '../../../../bench/truth/shown-intervals.ts'

const minuteMs = 60_000
const interval = (from: number, to: number): Interval => ({ from: from * minuteMs, to: to * minuteMs })

describe('unite', () => {
  it('merges intervals that overlap or touch, and drops empty ones', () => {
    const intervals = [interval(5, 6), interval(1, 3), interval(2, 4), interval(4, 5), interval(8, 8), interval(9, 10)]
    expect(unite(intervals)).toEqual([interval(1, 6), interval(9, 10)])
  })
})

describe('subtract', () => {
  it('returns what remains before, between and after the other intervals', () => {
    expect(subtract([interval(0, 10)], [interval(-1, 1), interval(3, 4), interval(9, 12)])).toEqual([
      interval(1, 3),
      interval(4, 9),
    ])
    expect(subtract([interval(0, 2), interval(4, 6)], [interval(2, 4)])).toEqual([interval(0, 2), interval(4, 6)])
    expect(totalMs(subtract([interval(0, 2)], [interval(0, 2)]))).toBe(0)
  })
})

describe('ShownIntervals', () => {
  it('records each period in which something was shown', () => {
    const shown = new ShownIntervals()
    shown.set('a', true, 1)
    shown.set('a', true, 2)
    shown.set('a', false, 5)
    shown.set('a', true, 7)
    shown.set('b', false, 8)
    expect(shown.finish(10)).toEqual(
      new Map([
        [
          'a',
          [
            { from: 1, to: 5 },
            { from: 7, to: 10 },
          ],
        ],
      ]),
    )
  })
})

describe('score', () => {
  const endAt = 100 * minuteMs
  const presence = (user_id: string, from: number, to: number) => ({ room_id: 'R', user_id, ...interval(from, to) })
  const scoreOf = (sessions: Record<string, Interval[]>) => {
    const receiver: TruthReceiver = {
      live: { presences: new ShownIntervals(), media: new ShownIntervals() },
      receive: () => {},
      sweep: () => [],
      settledSessions: () => new Map(Object.entries(sessions)),
    }
    const presences = [presence('A', 0, 40), presence('A', 50, 60), presence('B', 0, 50)]
    return score(receiver, { openings: [], presences, media: [] }, endAt)
  }

  it('is zero for the truth', () => {
    const truth = { 'R A': [interval(0, 40), interval(50, 60)], 'R B': [interval(0, 50)] }
    expect(scoreOf(truth)).toMatchObject({ ghost: 0, missing: 0, attendance: 0, falseSessions: 0 })
  })

  it('counts ghost and missing minutes in % of the true ones', () => {
    const sessions = { 'R A': [interval(10, 40), interval(50, 65)], 'R C': [interval(0, 3)] }
    expect(scoreOf(sessions)).toMatchObject({ ghost: 8, missing: 60 })
  })

  it('counts sessions that have no true one or that split one', () => {
    const split = { 'R A': [interval(0, 20), interval(21, 40), interval(45, 48)], 'R C': [interval(0, 1)] }
    expect(scoreOf(split).falseSessions).toBe(100)
  })

  it('counts one session over two true ones as correct', () => {
    expect(scoreOf({ 'R A': [interval(0, 60)], 'R B': [interval(0, 50)] }).falseSessions).toBe(0)
  })

  it('counts persons whose total time is wrong', () => {
    expect(scoreOf({ 'R A': [interval(0, 51)], 'R B': [interval(0, 49.8)] }).attendance).toBe(50)
  })
})

describe('formatCauses', () => {
  it('lists the largest causes with their shares', () => {
    const error = (kind: 'ghost' | 'missing', cause: string, minutes: number) => ({
      ...interval(0, minutes),
      key: 'R A',
      kind,
      cause,
    })
    const errors = [
      error('ghost', 'a lost leave', 2),
      error('missing', 'a lost join', 1),
      error('ghost', 'a lost leave', 1),
    ]
    expect(formatCauses(errors, 1)).toBe('ghost after a lost leave 75 %')
  })
})
