import { scaleTime } from 'd3-scale'
import { currentLocale } from '../language.ts'
import type { View } from './view.ts'

/** `at`: ms since 1970. `share`: position on the axis from 0 to 1. */
export type Tick = { readonly at: number; readonly share: number; readonly text: string }

const minTickWidth = 110
const dayMs = 86_400_000

/** Round times on the axis, in the time zone of the browser. @param width of the axis in pixels. */
export function listTicks({ from, to }: View, width: number): Tick[] {
  const scale = scaleTime().domain([from, to]).range([0, 1])
  const times = scale.ticks(Math.max(2, Math.floor(width / minTickWidth)))
  const stepMs = times.length < 2 ? to - from : Number(times[1]) - Number(times[0])
  return times.map((time) => ({ at: Number(time), share: scale(time), text: formatTick(time, stepMs) }))
}

function formatTick(time: Date, stepMs: number): string {
  if (stepMs >= dayMs || isMidnight(time)) return formatDate(time)
  const seconds = stepMs < 60_000 ? ({ second: '2-digit' } as const) : {}
  const options = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', ...seconds } as const
  return new Intl.DateTimeFormat(currentLocale(), options).format(time)
}

const isMidnight = (time: Date) => time.getHours() + time.getMinutes() + time.getSeconds() === 0

/** The date at the beginning of the axis, which the ticks after it belong to. */
export function formatDate(time: number | Date): string {
  const options = { year: 'numeric', month: 'short', day: 'numeric', weekday: 'short' } as const
  return new Intl.DateTimeFormat(currentLocale(), options).format(time)
}
