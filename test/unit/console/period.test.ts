import { describe, expect, it } from 'vitest'
import { lastWeek, monthBefore, toPeriod } from '../../../console/elements/period.ts'

describe('toPeriod', () => {
  it('begins with the first day and ends after the last one, in the time zone of the installation', () => {
    const days = { from: '2026-11-26', to: '2026-11-30' }
    expect(toPeriod(days, 'Asia/Shanghai')).toEqual({
      from: '2026-11-25T16:00:00.000Z',
      to: '2026-11-30T16:00:00.000Z',
    })
    expect(toPeriod(days, 'America/New_York')).toEqual({
      from: '2026-11-26T05:00:00.000Z',
      to: '2026-12-01T05:00:00.000Z',
    })
  })

  it('knows days of 23 hours, and days that begin at one o’clock', () => {
    expect(toPeriod({ from: '2026-03-29', to: '2026-03-29' }, 'Europe/Berlin')).toEqual({
      from: '2026-03-28T23:00:00.000Z',
      to: '2026-03-29T22:00:00.000Z',
    })
    expect(toPeriod({ from: '2026-09-06', to: '' }, 'America/Santiago')).toEqual({ from: '2026-09-06T04:00:00.000Z' })
  })

  it('omits what is empty or not a day', () => {
    expect(toPeriod({ from: '', to: 'x' }, 'UTC')).toEqual({})
  })
})

describe('lastWeek', () => {
  it('goes from seven days ago to today, also across months', () => {
    expect(lastWeek(Date.UTC(2026, 11, 3, 9), 'UTC')).toEqual({ from: '2026-11-26', to: '2026-12-03' })
  })

  it('ends with the day that it is in the time zone of the installation', () => {
    expect(lastWeek(Date.UTC(2026, 11, 3, 20), 'Asia/Shanghai').to).toBe('2026-12-04')
  })
})

describe('monthBefore', () => {
  it('gives the days of the month that it is in the time zone of the installation, or of one before it', () => {
    const newYear = Date.UTC(2026, 11, 31, 20)
    expect(monthBefore(newYear, 0, 'Asia/Shanghai')).toEqual({ from: '2027-01-01', to: '2027-01-31' })
    expect(monthBefore(newYear, 1, 'Asia/Shanghai')).toEqual({ from: '2026-12-01', to: '2026-12-31' })
    expect(monthBefore(newYear, 10, 'UTC')).toEqual({ from: '2026-02-01', to: '2026-02-28' })
  })
})
