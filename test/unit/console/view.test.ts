import { describe, expect, it } from 'vitest'
import { pan, zoom } from '../../../console/timeline/view.ts'

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
