import { scaleUtc } from 'd3-scale'
import { toEpochMs } from '../../core/protocol/time-zone.ts'
import { toWallClock } from '../elements/period.ts'
import type { View } from './view.ts'

/** `at`: ms since 1970. `share`: position on the axis from 0 to 1. */
export type Tick = {
  readonly at: number
  readonly share: number
  readonly precision: 'day' | 'hourMinute' | 'hourMinuteSecond'
}

const minTickWidth = 110
const dayMs = 86_400_000

/** Round times on the axis. @param width of the axis in pixels. @param zone IANA name of the time zone. */
export function listTicks({ from, to }: View, width: number, zone: string): Tick[] {
  const times = scaleUtc()
    .domain([toWallClock(from, zone), toWallClock(to, zone)])
    .ticks(Math.max(2, Math.floor(width / minTickWidth)))
  const [first, second] = times
  const stepMs = first === undefined || second === undefined ? to - from : second.getTime() - first.getTime()
  // Two round times can be one if the clocks are changed between them.
  const byTime = new Map(times.map((time) => [toEpochMs(time.getTime(), zone), time]))
  return [...byTime]
    .filter(([at]) => at >= from && at <= to)
    .map(([at, time]) => ({ at, share: (at - from) / (to - from), precision: precisionOf(time, stepMs) }))
}

function precisionOf(wallClock: Date, stepMs: number): Tick['precision'] {
  if (stepMs >= dayMs || wallClock.getTime() % dayMs === 0) return 'day'
  return stepMs < 60_000 ? 'hourMinuteSecond' : 'hourMinute'
}
