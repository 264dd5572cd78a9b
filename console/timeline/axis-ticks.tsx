import { formatTo } from '../format.ts'
import { type Tick, textWidths } from './ticks.ts'

/** The times below or above a chart. @param props.width of the axis in pixels. */
export function AxisTicks({ ticks, width }: { ticks: readonly Tick[]; width: number }) {
  return (
    <div class="axis-ticks">
      {ticks.map(({ at, share, precision }) => (
        <span key={at} class="tick" style={{ left: `${share * 100}%` }}>
          {/* A text that the end of the axis would cut off is left out. */}
          {(1 - share) * width >= textWidths[precision] && formatTo(precision, at)}
        </span>
      ))}
    </div>
  )
}
