import { useEffect, useMemo, useRef } from 'preact/hooks'
import { useWidth } from '../elements/use-width.ts'
import { isolate } from '../elements/visible-text.ts'
import { WireText } from '../elements/wire-text.tsx'
import { formatTo } from '../format.ts'
import { formatAddress } from '../state/address.ts'
import { timeZone } from '../time-zone.ts'
import { translate } from '../words.ts'
import { AxisTicks } from './axis-ticks.tsx'
import { Bars, laneHeight } from './bars.tsx'
import type { Lane } from './lanes.ts'
import { listTicks } from './ticks.ts'
import { useView } from './use-view.ts'
import { findDrawnPart, type View } from './view.ts'

type ChartProps = {
  /** ms since 1970 */
  readonly from: number
  readonly to: number
  readonly lanes: readonly Lane[]
  /** Whether `to` is now. */
  readonly isLive: boolean
  /** Called with each view that is not the whole axis. */
  readonly onView: (view: View) => void
}

/** The names stay at the left and the axis on top; zooming and panning change only the view box and the ticks. */
export function Chart({ from, to, lanes, isLive, onView }: ChartProps) {
  const whole = useMemo(() => ({ from, to: Math.max(to, from + 1000) }), [from, to])
  const { view, zoomBy, showAll, handlers } = useView(whole)
  useEffect(() => {
    if (view !== whole) onView(view)
  }, [view.from, view.to])
  const area = useRef<HTMLDivElement>(null)
  const width = useWidth(area)
  const height = lanes.length * laneHeight
  const drawn = findDrawnPart(view, whole)
  const seconds = (at: number) => (at - drawn.from) / 1000
  const ticks = listTicks(view, width, timeZone.value)
  return (
    <div class="timeline">
      <div class="timeline-tools">
        <button type="button" id="zoom-in" aria-label={translate('zoomIn')} onClick={() => zoomBy(0.5)}>
          +
        </button>
        <button type="button" id="zoom-out" aria-label={translate('zoomOut')} onClick={() => zoomBy(2)}>
          −
        </button>
        <button type="button" id="zoom-all" onClick={showAll}>
          {translate('showAll')}
        </button>
      </div>
      <div class="axis" aria-hidden="true">
        <span class="axis-date">{formatTo('shortWeekday', view.from)}</span>
        <AxisTicks ticks={ticks} width={width} />
      </div>
      <div class="lanes">
        <ul class="lane-names">
          {lanes.map((lane) => (
            <li key={lane.key}>
              <LaneName lane={lane} />
            </li>
          ))}
        </ul>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys pan it. */}
        <section class="chart" ref={area} tabIndex={0} aria-label={translate('timelineKeys')} {...handlers}>
          <svg
            viewBox={`${seconds(view.from)} 0 ${(view.to - view.from) / 1000} ${height}`}
            preserveAspectRatio="none"
            style={{ height: `${height}px` }}
            role="img"
            aria-label={translate('timeline')}
          >
            {ticks.map(({ at }) => (
              <line key={at} x1={seconds(at)} x2={seconds(at)} y1={0} y2={height} class="grid" />
            ))}
            <Bars lanes={lanes} from={drawn.from} to={drawn.to} />
            {isLive && <line x1={seconds(to)} x2={seconds(to)} y1={0} y2={height} class="now" />}
          </svg>
        </section>
      </div>
    </div>
  )
}

function LaneName({ lane: { person } }: { lane: Lane }) {
  if (person === undefined) return translate('recordingLane')
  const name = person.user_name ?? person.user_id
  return (
    <a href={formatAddress(['users', person.user_id])} title={isolate(name)}>
      <WireText text={name} />
    </a>
  )
}
