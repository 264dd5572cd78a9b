import { describe, expect, it } from 'vitest'
import { drag, findDrawnPart, pan, zoom } from '../../../console/timeline/view.ts'

const whole = { from: 0, to: 3_600_000 }

describe('zoom', () => {
  it('keeps the time under the pointer where it is', () => {
    expect(zoom(whole, whole, 0.5, 900_000)).toEqual({ from: 450_000, to: 2_250_000 })
    expect(zoom({ from: 450_000, to: 2_250_000 }, whole, 0.5, 450_000)).toEqual({ from: 450_000, to: 1_350_000 })
  })

  it('shows neither more than the whole axis nor less than five seconds', () => {
    expect(zoom({ from: 0, to: 900_000 }, whole, 100, 0)).toEqual(whole)
    expect(zoom(whole, whole, 1e-9, 0)).toEqual({ from: 0, to: 5000 })
  })
})

describe('pan', () => {
  it('moves the view and stops at the ends of the axis', () => {
    const view = { from: 600_000, to: 1_200_000 }
    expect(pan(view, whole, 60_000)).toEqual({ from: 660_000, to: 1_260_000 })
    expect(pan(view, whole, -1e9)).toEqual({ from: 0, to: 600_000 })
    expect(pan(view, whole, 1e9)).toEqual({ from: 3_000_000, to: 3_600_000 })
  })
})

describe('drag', () => {
  const view = { from: 600_000, to: 1_200_000 }

  it('moves the view with one finger', () => {
    expect(drag(view, whole, [0.5], [0.75])).toEqual({ from: 450_000, to: 1_050_000 })
  })

  it('keeps the times under two fingers where the fingers are', () => {
    const timeAt = (seen: typeof view, share: number) => seen.from + share * (seen.to - seen.from)
    const dragged = drag(view, whole, [0.4, 0.6], [0.3, 0.8])
    expect(timeAt(dragged, 0.3)).toBeCloseTo(timeAt(view, 0.4), 3)
    expect(timeAt(dragged, 0.8)).toBeCloseTo(timeAt(view, 0.6), 3)
  })

  it('zooms no further than the axis allows if the fingers meet', () => {
    expect(drag(view, whole, [0.2, 0.8], [0.5, 0.5])).toEqual(whole)
  })
})

describe('findDrawnPart', () => {
  const year = { from: Date.UTC(2026, 0, 1), to: Date.UTC(2027, 0, 1) }

  it('is the whole axis unless it is hundreds of views long', () => {
    const day = { from: 0, to: 86_400_000 }
    expect(findDrawnPart({ from: 80_000_000, to: 80_180_000 }, day)).toEqual({ from: 0, to: Number.POSITIVE_INFINITY })
  })

  it('contains the view with room on both sides, and is short enough for single precision', () => {
    for (const lengthMs of [5000, 7777, 60_000, 100_000])
      for (let from = year.from; from < year.to - lengthMs; from += 86_400_000 * 5.3) {
        const view = { from, to: from + lengthMs }
        const drawn = findDrawnPart(view, year)
        expect(drawn.from).toBeLessThanOrEqual(view.from - lengthMs)
        expect(drawn.to).toBeGreaterThanOrEqual(view.to + lengthMs)
        expect(drawn.to - drawn.from).toBeLessThanOrEqual(512 * lengthMs)
        // A pixel of a screen 2,000 pixels wide, in the number format of browsers.
        const offset = view.to - drawn.from
        expect(Math.abs(Math.fround(offset) - offset)).toBeLessThan(lengthMs / 2000 / 2)
      }
  })

  it('stays the same while the view moves a little', () => {
    const view = { from: year.from + 1e9, to: year.from + 1e9 + 5000 }
    const parts = [0, 500, 1000, 2000].map((byMs) => findDrawnPart(pan(view, year, byMs), year))
    expect(new Set(parts.map(({ from }) => from)).size).toBeLessThanOrEqual(2)
  })
})
