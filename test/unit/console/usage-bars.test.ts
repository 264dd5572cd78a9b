import { describe, expect, it } from 'vitest'
import type { ApiUsage } from '../../../console/api-types.ts'
import { summarizeBars } from '../../../console/usage/usage-bars.ts'
import { intervalOf, readUsageChoice } from '../../../console/usage/usage-choice.ts'

/** A day of this November, in the time zone of the process. */
const day = (date: number) => new Date(2026, 10, date).getTime()

const usageOf = (date: number, values: Partial<ApiUsage> = {}): ApiUsage => ({
  period_start: new Date(day(date)).toISOString(),
  peak_people: 10,
  peak_rooms: 2,
  person_minutes: 100,
  meetings: 3,
  sampled_minutes: 1440,
  ...values,
})

/** Until the end of the last bar of each test. */
const until = (date: number) => ({ from: day(1), to: day(date) })

describe('summarizeBars', () => {
  it('finds the latest of the highest peaks and adds up the others', () => {
    const usage = [usageOf(4), usageOf(3, { peak_people: 87 }), usageOf(2, { peak_people: 87 }), usageOf(1)]
    const { peak, personMinutes, meetings, bars, gaps } = summarizeBars(usage, 'day', until(5))
    expect(peak?.startMs).toBe(day(3))
    expect([personMinutes, meetings, gaps]).toEqual([400, 12, []])
    expect(bars.map(({ startMs, endMs }) => [startMs, endMs])).toEqual(
      [1, 2, 3, 4].map((date) => [day(date), day(date + 1)]),
    )
  })

  it('has neither a peak nor bars without samples', () => {
    expect(summarizeBars([], 'day', until(5))).toMatchObject({ bars: [], gaps: [], peak: undefined, meetings: 0 })
  })

  it('reports days without samples as a gap', () => {
    expect(summarizeBars([usageOf(5), usageOf(2)], 'day', until(6)).gaps).toEqual([{ fromMs: day(3), toMs: day(5) }])
  })

  it('reports the time since the last sample as a gap', () => {
    const { gaps } = summarizeBars([usageOf(2)], 'day', { from: day(1), to: day(5) })
    expect(gaps).toEqual([{ fromMs: day(3), toMs: day(5) - 120_000 }])
    expect(summarizeBars([usageOf(2)], 'day', { from: day(1), to: day(3) + 120_000 }).gaps).toEqual([])
  })

  it('compares the samples with the minutes of the period that are in the interval and in the past', () => {
    const noon = day(4) + 12 * 3_600_000
    const usage = [usageOf(4, { sampled_minutes: 718 }), usageOf(3, { sampled_minutes: 600 }), usageOf(2)]
    const { bars } = summarizeBars(usage, 'day', { from: day(2), to: noon })
    expect(bars.map(({ isIncomplete, expectedMinutes }) => [isIncomplete, expectedMinutes])).toEqual([
      [false, 1440],
      [true, 1440],
      [false, 720],
    ])
  })

  it('ends a month with the beginning of the next one', () => {
    const usage = [usageOf(1, { sampled_minutes: 30 * 1440 })]
    const [bar] = summarizeBars(usage, 'month', { from: Number.NEGATIVE_INFINITY, to: day(60) }).bars
    expect(bar).toMatchObject({ endMs: new Date(2026, 11, 1).getTime(), isIncomplete: false })
  })
})

describe('readUsageChoice', () => {
  const now = new Date(2026, 10, 26, 9)

  it('chooses the days of a month by default, and of a week by hour', () => {
    expect(readUsageChoice({}, now)).toEqual({ period: 'day', days: { from: '2026-10-27', to: '2026-11-26' } })
    expect(readUsageChoice({ period: 'hour' }, now).days).toEqual({ from: '2026-11-20', to: '2026-11-26' })
    expect(readUsageChoice({ period: 'month' }, now).days).toEqual({ from: '', to: '' })
  })

  it('keeps the days of the address, and shows days for an unknown period', () => {
    const parameters = { period: 'year', from: '2026-11-01' }
    expect(readUsageChoice(parameters, now)).toEqual({ period: 'day', days: { from: '2026-11-01', to: '' } })
  })
})

describe('intervalOf', () => {
  it('ends now at the latest', () => {
    const days = { from: '2026-11-01', to: '2026-11-30' }
    expect(intervalOf(days, day(26))).toEqual({ from: day(1), to: day(26) })
    expect(intervalOf(days, day(40))).toEqual({ from: day(1), to: day(31) })
    expect(intervalOf({ from: '', to: '' }, 5)).toEqual({ from: Number.NEGATIVE_INFINITY, to: 5 })
  })
})
