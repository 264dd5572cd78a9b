import { describe, expect, it } from 'vitest'
import { listTicks, textWidths } from '../../../console/timeline/ticks.ts'

const hourMs = 3_600_000
const width = 800

describe('listTicks', () => {
  it('places round times of the time zone of the installation', () => {
    const from = Date.parse('2026-11-25T16:00:00Z')
    const ticks = listTicks({ from, to: from + 24 * hourMs }, width, 'Asia/Shanghai')
    expect(ticks.map(({ at }) => (at - from) / hourMs)).toEqual([0, 3, 6, 9, 12, 15, 18, 21, 24])
    expect(ticks.map(({ share }) => share)).toEqual([0, 3, 6, 9, 12, 15, 18, 21, 24].map((hour) => hour / 24))
    expect(ticks.map(({ precision }) => precision)).toEqual(['shortDay', ...Array(7).fill('hourMinute'), 'shortDay'])
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
    expect(precisions(60 * 24 * hourMs)).toEqual(new Set(['shortDay']))
    expect(precisions(60_000)).toEqual(new Set(['hourMinuteSecond']))
  })

  it.each([
    ['46 minutes on a phone', 46 / 60, 250, ['19:00', '19:15', '19:30', '19:45']],
    ['29 days on a phone', 29 * 24, 280, ['11-01', '11-08', '11-15', '11-22']],
  ])('shows as many times as there is room for: %s', (_name, hours, narrowWidth, expected) => {
    const from = Date.parse(hours < 1 ? '2026-11-26T19:00:00Z' : '2026-10-29T00:00:00Z')
    const ticks = listTicks({ from, to: from + hours * hourMs }, narrowWidth, 'UTC')
    const format = (at: number) => {
      const iso = new Date(at).toISOString()
      return hours < 1 ? iso.slice(11, 16) : iso.slice(5, 10)
    }
    expect(ticks.map(({ at }) => format(at))).toEqual(expected)
  })

  it('never lets the text of a tick reach into the next one', () => {
    const from = Date.parse('2026-10-07T03:20:00Z')
    for (let lengthMs = 5000; lengthMs < 4 * 365 * 24 * hourMs; lengthMs *= 1.3)
      for (const axisWidth of [200, 280, 640, 1100]) {
        const ticks = listTicks({ from, to: from + lengthMs }, axisWidth, 'Asia/Shanghai')
        expect(ticks.length, `${lengthMs} ms on ${axisWidth} pixels`).toBeGreaterThan(0)
        for (const [index, { share, precision }] of ticks.entries()) {
          const next = ticks[index + 1]
          if (next !== undefined) expect((next.share - share) * axisWidth).toBeGreaterThanOrEqual(textWidths[precision])
        }
      }
  })

  it('names months, and each January by its year', () => {
    const from = Date.parse('2026-10-15T00:00:00Z')
    const ticks = listTicks({ from, to: from + 150 * 24 * hourMs }, 300, 'UTC')
    expect(ticks.map(({ precision }) => precision)).toEqual([
      'shortMonth',
      'shortMonth',
      'year',
      'shortMonth',
      'shortMonth',
    ])
  })
})
