import { describe, expect, it } from 'vitest'
import { allTime } from '../../../../core/ports/period.ts'
import { periodStartOf, summarizeUsage, type UsagePeriod } from '../../../../core/usage/summarize-usage.ts'
import { addSample, hourOf, type UsageHour } from '../../../../core/usage/usage-hour.ts'

/** Stores one sample with so many people at each of these times. */
function hoursOf(people: Readonly<Record<string, number>>): UsageHour[] {
  const hours = new Map<number, UsageHour>()
  for (const [time, count] of Object.entries(people)) {
    const at = Date.parse(time)
    const hour = hourOf(at)
    hours.set(hour, addSample(hours.get(hour), { at, people: count, rooms: 1, meetings: count > 0 ? 1 : 0 }))
  }
  return [...hours.values()]
}

function summarize(
  people: Readonly<Record<string, number>>,
  period: UsagePeriod,
  timeZone: string,
  interval = allTime,
) {
  return summarizeUsage(hoursOf(people), { period, interval, timeZone }).map(({ period_start, ...usage }) => {
    return [new Date(period_start).toISOString().slice(0, 16), usage.peak_people, usage.person_minutes]
  })
}

describe('summarizeUsage', () => {
  it('sums up meetings, person-minutes and sampled minutes and takes the largest peaks', () => {
    const hours = hoursOf({ '2026-11-26T08:00Z': 2, '2026-11-26T08:01Z': 0, '2026-11-26T20:00Z': 5 })
    expect(summarizeUsage(hours, { period: 'day', interval: allTime, timeZone: 'UTC' })).toEqual([
      {
        period_start: Date.UTC(2026, 10, 26),
        peak_people: 5,
        peak_rooms: 1,
        person_minutes: 7,
        meetings: 2,
        sampled_minutes: 3,
      },
    ])
  })

  it('begins days and months at midnight of the time zone, also if its offset has half or quarter-hours', () => {
    const india = { '2026-11-30T18:29Z': 1, '2026-11-30T18:30Z': 2 }
    expect(summarize(india, 'day', 'Asia/Kolkata')).toEqual([
      ['2026-11-29T18:30', 1, 1],
      ['2026-11-30T18:30', 2, 2],
    ])
    expect(summarize(india, 'month', 'Asia/Kolkata')).toEqual([
      ['2026-10-31T18:30', 1, 1],
      ['2026-11-30T18:30', 2, 2],
    ])
    const nepal = { '2026-11-30T18:14Z': 1, '2026-11-30T18:15Z': 2, '2026-11-30T18:45Z': 3 }
    expect(summarize(nepal, 'day', 'Asia/Kathmandu')).toEqual([
      ['2026-11-29T18:15', 1, 1],
      ['2026-11-30T18:15', 3, 5],
    ])
    expect(summarize(nepal, 'hour', 'Asia/Kathmandu')).toEqual([
      ['2026-11-30T17:15', 1, 1],
      ['2026-11-30T18:15', 3, 5],
    ])
  })

  it('has days of 23 and 25 hours when clocks change, and two hours for one that occurs twice', () => {
    const day = (time: string) => [new Date(periodStartOf(Date.parse(time), 'day', 'Europe/Berlin')).toISOString()]
    expect(day('2026-03-29T21:59Z')).toEqual(['2026-03-28T23:00:00.000Z'])
    expect(day('2026-03-29T22:00Z')).toEqual(['2026-03-29T22:00:00.000Z'])
    expect(day('2026-10-25T22:59Z')).toEqual(['2026-10-24T22:00:00.000Z'])
    expect(day('2026-10-25T23:00Z')).toEqual(['2026-10-25T23:00:00.000Z'])
    expect(summarize({ '2026-10-25T00:30Z': 1, '2026-10-25T01:30Z': 2 }, 'hour', 'Europe/Berlin')).toEqual([
      ['2026-10-25T00:00', 1, 1],
      ['2026-10-25T01:00', 2, 2],
    ])
  })

  it('counts the quarter-hours that start in the interval and omits periods without samples', () => {
    const people = { '2026-11-26T08:14Z': 1, '2026-11-26T08:15Z': 2, '2026-11-26T10:00Z': 3 }
    const interval = { from: Date.parse('2026-11-26T08:15Z'), to: Date.parse('2026-11-26T10:00Z') }
    expect(summarize(people, 'hour', 'UTC', interval)).toEqual([['2026-11-26T08:00', 2, 2]])
    expect(summarize(people, 'hour', 'UTC')).toHaveLength(2)
    expect(summarize({ '2026-11-30T18:15Z': 2 }, 'hour', 'Asia/Kathmandu')).toEqual([['2026-11-30T18:15', 2, 2]])
  })
})
