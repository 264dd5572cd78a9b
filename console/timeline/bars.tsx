import { memo } from '../elements/memo.ts'
import { isolate } from '../elements/visible-text.ts'
import { formatDateTime } from '../format.ts'
import { nameOf } from '../wire-words.ts'
import { translate } from '../words.ts'
import type { Bar, BarKind, Lane, Mark } from './lanes.ts'

/** Pixels. */
export const laneHeight = 30

/** Where in a lane the bars of a kind are, in pixels. */
const positions: Readonly<Record<BarKind, { readonly y: number; readonly height: number }>> = {
  session: { y: 4, height: 9 },
  'session estimated': { y: 4, height: 9 },
  audio: { y: 15, height: 3 },
  video: { y: 19, height: 3 },
  desktop: { y: 23, height: 3 },
  other: { y: 27, height: 2 },
  recording: { y: 6, height: 18 },
}

type BarsProps = {
  readonly lanes: readonly Lane[]
  /** ms since 1970: the part of the axis that is drawn. */
  readonly from: number
  readonly to: number
}

/** The bars of all lanes in seconds since `from`, so that zooming only changes the view box of the image around them. */
export const Bars = memo(({ lanes, from, to }: BarsProps) => (
  <g>
    {lanes.map(({ key, bars, marks }, index) => (
      <g key={key} class="lane" transform={`translate(0 ${index * laneHeight})`}>
        {bars.map((bar) =>
          bar.to < from || bar.from > to ? null : (
            <BarShape key={`${bar.kind} ${bar.from}`} bar={bar} from={from} to={to} />
          ),
        )}
        {marks.map((mark) =>
          mark.at < from || mark.at > to ? null : <MarkShape key={`${mark.kind} ${mark.at}`} mark={mark} from={from} />,
        )}
      </g>
    ))}
  </g>
))

function BarShape({ bar, from, to }: { bar: Bar; from: number; to: number }) {
  const { y, height } = positions[bar.kind]
  const x = (Math.max(bar.from, from) - from) / 1000
  const end = (Math.min(bar.to, to) - from) / 1000
  return (
    <rect x={x} y={y} width={end - x} height={height} class={`bar ${bar.kind}`}>
      <title>{describeBar(bar)}</title>
    </rect>
  )
}

function describeBar({ kind, from, to, goesOn, exporter = '' }: Bar): string {
  const times = `${formatMs(from)} – ${goesOn ? '…' : formatMs(to)}`
  return `${nameKind(kind)}${exporter === '' ? '' : ` ${isolate(exporter)}`}: ${times}`
}

const formatMs = (at: number) => formatDateTime(new Date(at).toISOString())

function MarkShape({ mark: { kind, at }, from }: { mark: Mark; from: number }) {
  const x = (at - from) / 1000
  return (
    <line x1={x} x2={x} y1={1} y2={kind === 'reconnect' ? 14 : 27} class={`mark ${kind}`}>
      <title>{`${nameMark(kind)}: ${formatMs(at)}`}</title>
    </line>
  )
}

export function nameKind(kind: BarKind): string {
  if (kind === 'session') return translate('session')
  if (kind === 'session estimated') return translate('estimatedSession')
  if (kind === 'recording') return translate('recordingLane')
  return nameOf('stream_type', kind === 'other' ? 'unknown' : kind)
}

export function nameMark(kind: Mark['kind']): string {
  if (kind === 'reconnect') return translate('reconnect')
  return translate(kind === 'failed' ? 'recordingFailed' : 'recordingEndUnknown')
}
