import { describe, expect, it } from 'vitest'
import type { ApiUsage } from '../../../console/api-types.ts'
import { summarizeBars } from '../../../console/usage/usage-bars.ts'
import { intervalOf, readUsageChoice } from '../../../console/usage/usage-choice.ts'

const zone = 'Asia/Shanghai'

/** The beginning of a day of this November. */
const day = (date: number) => Date.parse('2026-10-31T16:00:00Z') + (date - 1) * 86_400_000

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
    const { peak, personMinutes, meetings, bars, gaps } = summarizeBars(usage, 'day', until(5), zone)
    expect(peak?.startMs).toBe(day(3))
    expect([personMinutes, meetings, gaps]).toEqual([400, 12, []])
    expect(bars.map(({ startMs, endMs }) => [startMs, endMs])).toEqual(
      [1, 2, 3, 4].map((date) => [day(date), day(date + 1)]),
    )
  })

  it('has neither a peak nor bars without samples', () => {
    expect(summarizeBars([], 'day', until(5), zone)).toMatchObject({ bars: [], gaps: [], peak: undefined, meetings: 0 })
  })

  it('reports days without samples as a gap', () => {
    expect(summarizeBars([usageOf(5), usageOf(2)], 'day', until(6), zone).gaps).toEqual([
      { fromMs: day(3), toMs: day(5) },
    ])
  })

  it('reports the time since the last sample as a gap', () => {
    const { gaps } = summarizeBars([usageOf(2)], 'day', { from: day(1), to: day(5) }, zone)
    expect(gaps).toEqual([{ fromMs: day(3), toMs: day(5) - 120_000 }])
    expect(summarizeBars([usageOf(2)], 'day', { from: day(1), to: day(3) + 120_000 }, zone).gaps).toEqual([])
  })

  it('compares the samples with the minutes of the period that are in the interval and in the past', () => {
    const noon = day(4) + 12 * 3_600_000
    const usage = [usageOf(4, { sampled_minutes: 718 }), usageOf(3, { sampled_minutes: 600 }), usageOf(2)]
    const { bars } = summarizeBars(usage, 'day', { from: day(2), to: noon }, zone)
    expect(bars.map(({ isIncomplete, expectedMinutes }) => [isIncomplete, expectedMinutes])).toEqual([
      [false, 1440],
      [true, 1440],
      [false, 720],
    ])
  })

  it('ends a month with the beginning of the next one', () => {
    const usage = [usageOf(1, { sampled_minutes: 30 * 1440 })]
    const [bar] = summarizeBars(usage, 'month', { from: Number.NEGATIVE_INFINITY, to: day(60) }, zone).bars
    expect(bar).toMatchObject({ endMs: day(31), isIncomplete: false })
  })
})

describe('readUsageChoice', () => {
  const now = day(26) + 9 * 3_600_000

  it('chooses the days of a month by default, and of a week by hour', () => {
    expect(readUsageChoice({}, now, zone)).toEqual({ period: 'day', days: { from: '2026-10-27', to: '2026-11-26' } })
    expect(readUsageChoice({ period: 'hour' }, now, zone).days).toEqual({ from: '2026-11-20', to: '2026-11-26' })
    expect(readUsageChoice({ period: 'month' }, now, zone).days).toEqual({ from: '', to: '' })
  })

  it('keeps the days of the address, and shows days for an unknown period', () => {
    const parameters = { period: 'year', from: '2026-11-01' }
    expect(readUsageChoice(parameters, now, zone)).toEqual({ period: 'day', days: { from: '2026-11-01', to: '' } })
  })
})

describe('intervalOf', () => {
  it('ends now at the latest', () => {
    const days = { from: '2026-11-01', to: '2026-11-30' }
    expect(intervalOf(days, day(26), zone)).toEqual({ from: day(1), to: day(26) })
    expect(intervalOf(days, day(40), zone)).toEqual({ from: day(1), to: day(31) })
    expect(intervalOf({ from: '', to: '' }, 5, zone)).toEqual({ from: Number.NEGATIVE_INFINITY, to: 5 })
  })
})
