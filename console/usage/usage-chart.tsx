import { scaleLinear } from 'd3-scale'
import { useRef } from 'preact/hooks'
import type { UsagePeriod } from '../api-types.ts'
import { useWidth } from '../elements/use-width.ts'
import { timeZone } from '../time-zone.ts'
import { AxisTicks } from '../timeline/axis-ticks.tsx'
import { listTicks } from '../timeline/ticks.ts'
import { translate } from '../words.ts'
import { formatStart } from './format-start.ts'
import type { UsageSummary } from './usage-bars.ts'

type UsageChartProps = { readonly summary: UsageSummary; readonly period: UsagePeriod }

/** A bar for each period, as high as its peak. Times without samples are hatched, and incomplete bars are lighter. */
export function UsageChart({ summary: { bars, gaps, peak }, period }: UsageChartProps) {
  const area = useRef<HTMLDivElement>(null)
  const width = useWidth(area)
  const [first, last] = [bars[0], bars.at(-1)]
  if (first === undefined || last === undefined || peak === undefined) return null
  const scale = scaleLinear([0, Math.max(1, peak.peak_people)], [0, 1]).nice(4)
  const [, top = 1] = scale.domain()
  const view = { from: first.startMs, to: Math.max(last.endMs, gaps.at(-1)?.toMs ?? 0) }
  const seconds = (at: number) => (at - view.from) / 1000
  return (
    <div class="usage-chart">
      <div class="usage-scale" aria-hidden="true">
        {scale
          .ticks(4)
          .filter(Number.isInteger)
          .map((people) => (
            <span key={people} style={{ bottom: `${scale(people) * 100}%` }}>
              {people}
            </span>
          ))}
      </div>
      <div ref={area}>
        <svg
          viewBox={`0 0 ${seconds(view.to)} ${top}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={translate('usageChart')}
        >
          <defs>
            <pattern id="hatching" width={seconds(view.to) / 120} height={top} patternUnits="userSpaceOnUse">
              <rect width={seconds(view.to) / 360} height={top} class="hatch" />
            </pattern>
          </defs>
          {gaps.map(({ fromMs, toMs }) => (
            <rect key={fromMs} class="gap" x={seconds(fromMs)} width={(toMs - fromMs) / 1000} height={top}>
              <title>{translate('usageGap')}</title>
            </rect>
          ))}
          {bars.map(({ startMs, endMs, peak_people, isIncomplete }) => (
            <rect
              key={startMs}
              class={isIncomplete ? 'usage-bar incomplete' : 'usage-bar'}
              x={seconds(startMs)}
              width={(endMs - startMs) / 1000}
              y={top - peak_people}
              height={peak_people}
            >
              <title>{`${formatStart(startMs, period)}: ${peak_people}`}</title>
            </rect>
          ))}
        </svg>
        <div aria-hidden="true">
          <AxisTicks ticks={listTicks(view, width, timeZone.value)} width={width} />
        </div>
      </div>
    </div>
  )
}
