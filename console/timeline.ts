import { h, svg } from './dom.ts'
import { buildLanes, type Lane, type LaneSpan, type TimelineData } from './timeline-lanes.ts'
import { formatClock, type TextKey, translate } from './words.ts'

// Lengths in SVG units.
const width = 960
const labelWidth = 170
const laneHeight = 26
const axisHeight = 24

const maxLanes = 200
const maxNameLength = 18

type TimeScale = (at: number) => number

/** Draws one lane per participant, with time from left to right. @returns undefined if there is nothing to draw. */
export function timeline(data: TimelineData): SVGElement | undefined {
  const lanes = buildLanes(data)
  const times = lanes.flatMap(({ spans }) => spans.flatMap(({ from, to }) => [from, to]))
  if (times.length === 0) return undefined
  const begin = times.reduce((earliest, at) => Math.min(earliest, at))
  const end = times.reduce((latest, at) => Math.max(latest, at), begin + 1000)
  const x: TimeScale = (at) => labelWidth + ((at - begin) / (end - begin)) * (width - labelWidth - 10)
  const shown = lanes.slice(0, maxLanes)
  const height = axisHeight + shown.length * laneHeight
  return svg(
    'svg',
    {
      viewBox: `0 0 ${width} ${height}`,
      class: 'timeline',
      role: 'img',
      'aria-label': `${translate('timeline')}. ${translate('timelineHelp')}`,
    },
    ...drawAxis(begin, end, x, height),
    ...shown.map((lane, index) => drawLane(lane, axisHeight + index * laneHeight, x)),
  )
}

/** Explains the colours of the timeline. */
export function legend(): HTMLElement {
  const kinds: readonly (readonly [kind: string, text: TextKey])[] = [
    ['session', 'session'],
    ['session estimated', 'estimatedSession'],
    ['audio', 'microphone'],
    ['video', 'camera'],
    ['desktop', 'desktop'],
    ['recording', 'recordingLane'],
  ]
  const sample = (shape: SVGElement) => svg('svg', { viewBox: '0 0 16 10', 'aria-hidden': 'true' }, shape)
  const bar = (kind: string) => svg('rect', { x: 0, y: 1, width: 16, height: 8, rx: 2, class: `bar ${kind}` })
  const mark = svg('path', { d: 'M8 1l4 8h-8z', class: 'mark' })
  return h(
    'ul',
    { class: 'legend' },
    ...kinds.map(([kind, text]) => h('li', {}, sample(bar(kind)), translate(text))),
    h('li', {}, sample(mark), translate('reconnects')),
  )
}

function drawAxis(begin: number, end: number, x: TimeScale, height: number): SVGElement[] {
  return Array.from({ length: 5 }, (_, index) => begin + ((end - begin) * index) / 4).flatMap((at, index) => [
    svg('line', { x1: x(at), x2: x(at), y1: axisHeight - 4, y2: height, class: 'grid' }),
    svg(
      'text',
      { x: x(at), y: 14, class: 'axis', 'text-anchor': index === 4 ? 'end' : index === 0 ? 'start' : 'middle' },
      formatClock(at),
    ),
  ])
}

function drawLane({ name, spans, marks }: Lane, y: number, x: TimeScale): SVGElement {
  const label = name.length > maxNameLength ? `${name.slice(0, maxNameLength - 1)}…` : name
  return svg(
    'g',
    { class: 'lane' },
    svg('text', { x: 4, y: y + 16, class: 'lane-name' }, label),
    ...spans.map((span) => drawSpan(span, y, x)),
    ...marks.map(({ at, title }) =>
      svg('path', { d: `M${x(at)} ${y + 1}l4 7h-8z`, class: 'mark' }, svg('title', {}, title)),
    ),
  )
}

function drawSpan({ from, to, kind, title }: LaneSpan, y: number, x: TimeScale): SVGElement {
  const { top, height } = barPosition(kind)
  return svg(
    'rect',
    { x: x(from), width: Math.max(2, x(to) - x(from)), y: y + top, height, class: `bar ${kind}`, rx: 2 },
    svg('title', {}, title),
  )
}

const streamKinds = ['audio', 'video', 'desktop']

/** Streams are drawn below the session, each kind at its own height. */
function barPosition(kind: string): { readonly top: number; readonly height: number } {
  const index = streamKinds.indexOf(kind)
  if (index !== -1) return { top: 13 + index * 3, height: 2.5 }
  return { top: 3, height: kind === 'recording' ? 16 : 9 }
}
