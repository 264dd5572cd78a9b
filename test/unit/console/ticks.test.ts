import { describe, expect, it } from 'vitest'
import { listTicks } from '../../../console/timeline/ticks.ts'

const hourMs = 3_600_000
const width = 800

describe('listTicks', () => {
  it('places round times of the time zone of the installation', () => {
    const from = Date.parse('2026-11-25T16:00:00Z')
    const ticks = listTicks({ from, to: from + 24 * hourMs }, width, 'Asia/Shanghai')
    expect(ticks.map(({ at }) => (at - from) / hourMs)).toEqual([0, 3, 6, 9, 12, 15, 18, 21, 24])
    expect(ticks.map(({ share }) => share)).toEqual([0, 3, 6, 9, 12, 15, 18, 21, 24].map((hour) => hour / 24))
    expect(ticks.map(({ precision }) => precision)).toEqual(['day', ...Array(7).fill('hourMinute'), 'day'])
  })

  it('places ticks at round times also in a zone with an offset of half an hour', () => {
    const from = Date.parse('2026-11-25T16:10:00Z')
    const [first] = listTicks({ from, to: from + 8 * hourMs }, width, 'Asia/Kolkata')
    expect(new Date(first?.at ?? 0).toISOString()).toBe('2026-11-25T16:30:00.000Z')
  })

  it.each(['2026-03-29', '2026-10-25'])('keeps ticks in order and within the view when clocks change on %s', (day) => {
    const from = Date.parse(`${day}T00:00:00Z`)
    const view = { from, to: from + 3 * hourMs }
    const times = listTicks(view, width, 'Europe/Berlin').map(({ at }) => at)
    expect(times.length).toBeGreaterThan(3)
    expect(times).toEqual([...new Set(times)].sort((one, other) => one - other))
    for (const at of times) expect(at >= view.from && at <= view.to).toBe(true)
  })

  it('shows days for months, and seconds for a minute', () => {
    const from = Date.parse('2026-11-01T00:00:00Z')
    const precisions = (lengthMs: number) =>
      new Set(listTicks({ from: from + 1000, to: from + lengthMs }, width, 'UTC').map(({ precision }) => precision))
    expect(precisions(60 * 24 * hourMs)).toEqual(new Set(['day']))
    expect(precisions(60_000)).toEqual(new Set(['hourMinuteSecond']))
  })
})
