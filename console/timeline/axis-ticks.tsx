import { formatTo } from '../format.ts'
import type { Tick } from './ticks.ts'

/** Pixels: a tick nearer to the end of the axis has no text, because it would be cut off. */
const textWidths: Readonly<Record<Tick['precision'], number>> = { day: 130, hourMinute: 40, hourMinuteSecond: 60 }

/** The times below or above a chart. @param props.width of the axis in pixels. */
export function AxisTicks({ ticks, width }: { ticks: readonly Tick[]; width: number }) {
  return (
    <div class="axis-ticks">
      {ticks.map(({ at, share, precision }) => (
        <span key={at} class="tick" style={{ left: `${share * 100}%` }}>
          {(1 - share) * width >= textWidths[precision] && formatTo(precision, at)}
        </span>
      ))}
    </div>
  )
}
