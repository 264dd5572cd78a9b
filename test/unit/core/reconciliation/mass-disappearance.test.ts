import { describe, expect, it } from 'vitest'
import { minuteMs, observe, SweepSeries, store, storeRoom } from './sweep-series.ts'

const people = (count: number, changed_at = 0) =>
  Array.from({ length: count }, (_, index) => store({ room_id: 'R', user_id: `U${index}` }, { changed_at }))

/** The number of the sweep, one a minute, that ends the first presence. @param sweeps what is missing in each of them. */
function firstEnd(missing: readonly ReturnType<typeof people>[], listed: number): number {
  const series = new SweepSeries()
  const others = Array.from({ length: listed - 1 }, (_, index) => `V${index}`)
  const index = missing.findIndex(
    (gone, minute) =>
      series.sweep({
        observed: observe('R', others),
        stored: [...storeRoom('R', others), ...gone],
        at: (minute + 1) * minuteMs,
      }).length > 0,
  )
  return index + 1
}

const repeat = <Item>(count: number, item: Item) => Array.from({ length: count }, () => item)

describe('a mass disappearance', () => {
  it('ends presences after three minutes instead of the grace period', () => {
    expect(firstEnd(repeat(12, people(7)), 13)).toBe(4)
    expect(firstEnd(repeat(12, people(7)), 14)).toBe(3)
  })

  it('needs at least 20 presences', () => {
    expect(firstEnd(repeat(12, people(10)), 9)).toBe(3)
  })

  it('ends presences after seven minutes if something is heard of one of them', () => {
    const [heard, ...quiet] = people(20)
    const after = [...quiet, { ...heard, changed_at: 2.5 * minuteMs }].filter((entry) => entry !== undefined)
    expect(firstEnd([people(20), people(20), ...repeat(10, after as ReturnType<typeof people>)], 20)).toBe(8)
  })

  it('begins and ends with a sweep, and failed sweeps in between do not end it', () => {
    const series = new SweepSeries()
    const stored = [...storeRoom('R', []), ...people(30)]
    const everybody = observe(
      'R',
      people(30).map(({ presence }) => presence.user_id ?? ''),
    )
    series.sweep({ observed: [], stored, at: 1000 })
    const begun = { since: 1000, missing: 31, present: 31, isContradicted: false }
    expect(series.findings.massDisappearance).toEqual(begun)
    series.fail()
    series.sweep({ observed: observe('R', ['U0']), stored, at: 2000 })
    expect(series.findings.massDisappearance).toEqual(begun)
    series.sweep({ observed: everybody, stored, at: 3000 })
    expect(series.findings.massDisappearance).toBeUndefined()
  })
})
