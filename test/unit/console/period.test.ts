import { describe, expect, it } from 'vitest'
import { lastWeek, toPeriod } from '../../../console/elements/period.ts'

describe('toPeriod', () => {
  it('begins with the first day and ends after the last one', () => {
    expect(toPeriod({ from: '2026-11-26', to: '2026-11-30' })).toEqual({
      from: new Date(2026, 10, 26).toISOString(),
      to: new Date(2026, 11, 1).toISOString(),
    })
  })

  it('omits what is empty or not a day', () => {
    expect(toPeriod({ from: '', to: 'x' })).toEqual({})
  })
})

describe('lastWeek', () => {
  it('goes from seven days ago to today, also across months', () => {
    expect(lastWeek(new Date(2026, 11, 3, 9))).toEqual({ from: '2026-11-26', to: '2026-12-03' })
  })
})
