import { memo } from '../elements/memo.ts'
import { formatDateTime } from '../format.ts'
import { nameOf } from '../wire-words.ts'
import { translate } from '../words.ts'
import type { Bar, BarKind, Lane } from './lanes.ts'

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
  readonly lanes: readonly Lane[] /** ms since 1970: the beginning of the axis. */
  readonly origin: number
}

/**
 * The bars of all lanes in seconds since `origin`, so that zooming only changes the view box of the image around them.
 * Single precision, which browsers use for coordinates, is exact to a second for half a year.
 */
export const Bars = memo(({ lanes, origin }: BarsProps) => (
  <g>
    {lanes.map((lane, index) => (
      <g key={lane.key} class="lane" transform={`translate(0 ${index * laneHeight})`}>
        {lane.bars.map((bar) => (
          <BarShape key={`${bar.kind} ${bar.from}`} bar={bar} origin={origin} />
        ))}
        {lane.marks.map((at) => (
          <Mark key={at} at={at} origin={origin} isReconnect={lane.person !== undefined} />
        ))}
      </g>
    ))}
  </g>
))

function BarShape({ bar: { kind, from, to, goesOn }, origin }: { bar: Bar; origin: number }) {
  const { y, height } = positions[kind]
  const end = goesOn ? '…' : formatDateTime(new Date(to).toISOString())
  return (
    <rect x={(from - origin) / 1000} y={y} width={(to - from) / 1000} height={height} class={`bar ${kind}`}>
      <title>{`${nameKind(kind)}: ${formatDateTime(new Date(from).toISOString())} – ${end}`}</title>
    </rect>
  )
}

function Mark({ at, origin, isReconnect }: { at: number; origin: number; isReconnect: boolean }) {
  const x = (at - origin) / 1000
  const text = isReconnect ? translate('reconnect') : nameOf('recording_status', 'failed')
  return (
    <line x1={x} x2={x} y1={1} y2={isReconnect ? 14 : 27} class={isReconnect ? 'mark' : 'mark failed'}>
      <title>{`${text}: ${formatDateTime(new Date(at).toISOString())}`}</title>
    </line>
  )
}

export function nameKind(kind: BarKind): string {
  if (kind === 'session') return translate('session')
  if (kind === 'session estimated') return translate('estimatedSession')
  if (kind === 'recording') return translate('recordingLane')
  return nameOf('stream_type', kind === 'other' ? 'unknown' : kind)
}
