import { scaleUtc } from 'd3-scale'
import { toEpochMs } from '../../core/protocol/time-zone.ts'
import { toWallClock } from '../elements/period.ts'
import type { View } from './view.ts'

type TickPrecision = 'hourMinuteSecond' | 'hourMinute' | 'shortDay' | 'shortMonth' | 'year'

/** `at`: ms since 1970. `share`: position on the axis from 0 to 1. */
export type Tick = { readonly at: number; readonly share: number; readonly precision: TickPrecision }

/** Pixels that the text of a tick takes, with some space after it, in the wider of the two languages. */
export const textWidths: Readonly<Record<TickPrecision, number>> = {
  hourMinuteSecond: 64,
  hourMinute: 44,
  shortDay: 54,
  shortMonth: 44,
  year: 44,
}

const minuteMs = 60_000
const dayMs = 1440 * minuteMs

/**
 * Round times on the axis, as many as there is room for their texts.
 *
 * @param width of the axis in pixels.
 * @param zone IANA name of the time zone.
 */
export function listTicks(view: View, width: number, zone: string): Tick[] {
  const maxTicks = Math.max(1, Math.floor(width / Math.min(...Object.values(textWidths))))
  let placed = placeTicks(view, maxTicks, zone)
  for (let wanted = maxTicks - 1; wanted > 0 && !hasRoom(placed, view, width); wanted--) {
    const fewer = placeTicks(view, wanted, zone)
    if (fewer.ticks.length > 0) placed = fewer
  }
  return omitCrowded(placed.ticks, width)
}

/** `stepMs`: the usual time from one tick to the next. */
type PlacedTicks = { readonly ticks: readonly Tick[]; readonly stepMs: number }

function hasRoom({ ticks, stepMs }: PlacedTicks, { from, to }: View, width: number): boolean {
  return ticks.every(({ precision }) => (stepMs / (to - from)) * width >= textWidths[precision])
}

function placeTicks({ from, to }: View, wanted: number, zone: string): PlacedTicks {
  const times = scaleUtc()
    .domain([toWallClock(from, zone), toWallClock(to, zone)])
    .ticks(wanted)
  // Days and months vary in length, and the count of every second day restarts each month.
  const steps = times.slice(1).map((time, index) => time.getTime() - (times[index]?.getTime() ?? 0))
  const stepMs = steps.length === 0 ? to - from : Math.max(...steps)
  // Two round times can be one if the clocks are changed between them.
  const byTime = new Map(times.map((time) => [toEpochMs(time.getTime(), zone), time]))
  const ticks = [...byTime]
    .filter(([at]) => at >= from && at <= to)
    .map(([at, time]): Tick => ({ at, share: (at - from) / (to - from), precision: precisionOf(time, stepMs) }))
  return { ticks, stepMs }
}

/** Omits a tick whose text would reach into the next one, such as the 31st before the first of a month. */
function omitCrowded(ticks: readonly Tick[], width: number): Tick[] {
  const kept: Tick[] = []
  for (const tick of ticks.toReversed()) {
    const next = kept.at(-1)
    if (next === undefined || (next.share - tick.share) * width >= textWidths[tick.precision]) kept.push(tick)
  }
  return kept.reverse()
}

function precisionOf(wallClock: Date, stepMs: number): TickPrecision {
  const isFirstOfMonth = wallClock.getUTCDate() === 1 && wallClock.getTime() % dayMs === 0
  if (stepMs > 20 * dayMs) return isFirstOfMonth && wallClock.getUTCMonth() === 0 ? 'year' : 'shortMonth'
  if (stepMs >= dayMs || wallClock.getTime() % dayMs === 0) return 'shortDay'
  return stepMs < minuteMs ? 'hourMinuteSecond' : 'hourMinute'
}
