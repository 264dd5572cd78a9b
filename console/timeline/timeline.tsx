import type { VNode } from 'preact'
import { formatClock } from '../format.ts'
import { type TextKey, translate } from '../words.ts'
import { buildLanes, type Lane, type LaneSpan, type TimelineData } from './lanes.ts'

// Lengths in SVG units.
const width = 960
const labelWidth = 170
const laneHeight = 26
const axisHeight = 24

const maxLanes = 200
const maxNameLength = 18

type TimeScale = (at: number) => number

/** Draws one lane per participant, with time from left to right. */
export function Timeline({ data }: { data: TimelineData }) {
  const lanes = buildLanes(data)
  const times = lanes.flatMap(({ spans }) => spans.flatMap(({ from, to }) => [from, to]))
  if (times.length === 0) return <p class="quiet">{translate('noData')}</p>
  const begin = times.reduce((earliest, at) => Math.min(earliest, at))
  const end = times.reduce((latest, at) => Math.max(latest, at), begin + 1000)
  const x: TimeScale = (at) => labelWidth + ((at - begin) / (end - begin)) * (width - labelWidth - 10)
  const shown = lanes.slice(0, maxLanes)
  const height = axisHeight + shown.length * laneHeight
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      class="timeline"
      role="img"
      aria-label={`${translate('timeline')}. ${translate('timelineHelp')}`}
    >
      {drawAxis(begin, end, x, height)}
      {shown.map((lane, index) => drawLane(lane, axisHeight + index * laneHeight, x))}
    </svg>
  )
}

/** Explains the colours of the timeline. */
export function Legend() {
  const kinds: readonly (readonly [kind: string, text: TextKey])[] = [
    ['session', 'session'],
    ['session estimated', 'estimatedSession'],
    ['audio', 'microphone'],
    ['video', 'camera'],
    ['desktop', 'screenShare'],
    ['recording', 'recordingLane'],
  ]
  return (
    <ul class="legend">
      {kinds.map(([kind, text]) => (
        <li key={kind}>
          <svg viewBox="0 0 16 10" aria-hidden="true">
            <rect x={0} y={1} width={16} height={8} rx={2} class={`bar ${kind}`} />
          </svg>
          {translate(text)}
        </li>
      ))}
      <li>
        <svg viewBox="0 0 16 10" aria-hidden="true">
          <path d="M8 1l4 8h-8z" class="mark" />
        </svg>
        {translate('reconnects')}
      </li>
    </ul>
  )
}

function drawAxis(begin: number, end: number, x: TimeScale, height: number): VNode[] {
  return Array.from({ length: 5 }, (_, index) => begin + ((end - begin) * index) / 4).map((at, index) => (
    <g key={index}>
      <line x1={x(at)} x2={x(at)} y1={axisHeight - 4} y2={height} class="grid" />
      <text x={x(at)} y={14} class="axis" text-anchor={index === 4 ? 'end' : index === 0 ? 'start' : 'middle'}>
        {formatClock(at)}
      </text>
    </g>
  ))
}

function drawLane({ name, spans, marks }: Lane, y: number, x: TimeScale): VNode {
  const label = name.length > maxNameLength ? `${name.slice(0, maxNameLength - 1)}…` : name
  return (
    <g class="lane" key={y}>
      <text x={4} y={y + 16} class="lane-name">
        {label}
      </text>
      {spans.map((span) => drawSpan(span, y, x))}
      {marks.map(({ at, title }) => (
        <path key={at} d={`M${x(at)} ${y + 1}l4 7h-8z`} class="mark">
          <title>{title}</title>
        </path>
      ))}
    </g>
  )
}

function drawSpan({ from, to, kind, title }: LaneSpan, y: number, x: TimeScale): VNode {
  const { top, height } = barPosition(kind)
  return (
    <rect
      key={`${kind} ${from} ${to}`}
      x={x(from)}
      y={y + top}
      width={Math.max(2, x(to) - x(from))}
      height={height}
      class={`bar ${kind}`}
      rx={2}
    >
      <title>{title}</title>
    </rect>
  )
}

const streamKinds = ['audio', 'video', 'desktop']

/** Streams are drawn below the session, each kind at its own height. */
function barPosition(kind: string): { readonly top: number; readonly height: number } {
  const index = streamKinds.indexOf(kind)
  if (index !== -1) return { top: 13 + index * 3, height: 2.5 }
  return { top: 3, height: kind === 'recording' ? 16 : 9 }
}
