import type { LoggedEvent, Recording, Session } from './api.ts'
import { h, svg } from './dom.ts'
import { clock, say, type Word } from './words.ts'

const width = 960
const labelWidth = 170
const laneHeight = 26
const axisHeight = 24
const mostLanes = 200

type Span = { readonly from: number; readonly to: number; readonly kind: string; readonly title: string }
type Lane = {
  readonly name: string
  readonly spans: Span[]
  readonly marks: { readonly at: number; readonly title: string }[]
}

export type TimelineData = {
  readonly sessions: readonly Session[]
  readonly events: readonly LoggedEvent[]
  readonly recordings: readonly Recording[]
  /** ms */
  readonly now: number
}

/** A lane a person, from left to right: sessions, reconnects and streams; the recordings are in the first. */
export function timeline(data: TimelineData): SVGElement | undefined {
  const lanes = lanesOf(data)
  const times = lanes.flatMap(({ spans }) => spans.flatMap(({ from, to }) => [from, to]))
  if (times.length === 0) return undefined
  const begin = times.reduce((least, at) => Math.min(least, at))
  const end = Math.max(
    begin + 1000,
    times.reduce((most, at) => Math.max(most, at)),
  )
  const x = (at: number) => labelWidth + ((at - begin) / (end - begin)) * (width - labelWidth - 10)
  const shown = lanes.slice(0, mostLanes)
  const height = axisHeight + shown.length * laneHeight
  return svg(
    'svg',
    {
      viewBox: `0 0 ${width} ${height}`,
      class: 'timeline',
      role: 'img',
      'aria-label': `${say('timeline')}. ${say('timelineHelp')}`,
    },
    ...axis(begin, end, x, height),
    ...shown.map((lane, index) => laneAt(lane, axisHeight + index * laneHeight, x)),
  )
}

/** What the colours mean, in words. */
export function legend(): HTMLElement {
  const kinds: readonly (readonly [kind: string, word: Word])[] = [
    ['session', 'session'],
    ['session estimated', 'estimatedSession'],
    ['audio', 'microphone'],
    ['video', 'camera'],
    ['desktop', 'desktop'],
    ['recording', 'recordingLane'],
  ]
  const sample = (kind: string) =>
    svg(
      'svg',
      { viewBox: '0 0 16 10', 'aria-hidden': 'true' },
      svg('rect', { x: 0, y: 1, width: 16, height: 8, rx: 2, class: `bar ${kind}` }),
    )
  const mark = svg(
    'svg',
    { viewBox: '0 0 16 10', 'aria-hidden': 'true' },
    svg('path', { d: 'M8 1l4 8h-8z', class: 'mark' }),
  )
  return h(
    'ul',
    { class: 'legend' },
    ...kinds.map(([kind, word]) => h('li', {}, sample(kind), say(word))),
    h('li', {}, mark, say('reconnects')),
  )
}

function axis(begin: number, end: number, x: (at: number) => number, height: number): SVGElement[] {
  return Array.from({ length: 5 }, (_, index) => begin + ((end - begin) * index) / 4).flatMap((at, index) => [
    svg('line', { x1: x(at), x2: x(at), y1: axisHeight - 4, y2: height, class: 'grid' }),
    svg(
      'text',
      { x: x(at), y: 14, class: 'axis', 'text-anchor': index === 4 ? 'end' : index === 0 ? 'start' : 'middle' },
      clock(at),
    ),
  ])
}

function laneAt({ name, spans, marks }: Lane, y: number, x: (at: number) => number): SVGElement {
  const bar = ({ from, to, kind, title }: Span) =>
    svg(
      'rect',
      {
        x: x(from),
        width: Math.max(2, x(to) - x(from)),
        y: y + barTop(kind),
        height: barHeight(kind),
        class: `bar ${kind}`,
        rx: 2,
      },
      svg('title', {}, title),
    )
  return svg(
    'g',
    { class: 'lane' },
    svg('text', { x: 4, y: y + 16, class: 'lane-name' }, name.length > 18 ? `${name.slice(0, 17)}…` : name),
    ...spans.map(bar),
    ...marks.map(({ at, title }) =>
      svg('path', { d: `M${x(at)} ${y + 1}l4 7h-8z`, class: 'mark' }, svg('title', {}, title)),
    ),
  )
}

const streamKinds = ['audio', 'video', 'desktop']

/** A session fills its lane; below it run the streams, each kind at its own height. */
function barTop(kind: string): number {
  const place = streamKinds.indexOf(kind)
  return place === -1 ? 3 : 13 + place * 3
}

function barHeight(kind: string): number {
  return streamKinds.includes(kind) ? 2.5 : kind === 'recording' ? 16 : 9
}

function lanesOf({ sessions, events, recordings, now }: TimelineData): Lane[] {
  const people = new Map<string, Lane>()
  const laneFor = (id: string, name: string | null) => {
    const lane = people.get(id) ?? { name: name ?? id, spans: [], marks: [] }
    people.set(id, lane)
    return lane
  }
  const oldestFirst = sessions.toSorted((a, b) => (a.joined_at < b.joined_at ? -1 : 1))
  for (const { user_id, user_name, joined_at, left_at, estimated, leave_reason } of oldestFirst) {
    const [from, to] = [Date.parse(joined_at), left_at === null ? now : Date.parse(left_at)]
    const word = say(estimated ? 'estimatedSession' : 'session')
    const title = `${word} ${clock(from)} – ${left_at === null ? '…' : clock(to)} ${leave_reason ?? ''}`
    laneFor(user_id, user_name).spans.push({ from, to, kind: estimated ? 'session estimated' : 'session', title })
  }
  addStreams(oldestFirst, events, people, now)
  const recorded = recordings.flatMap(({ started_at, stopped_at, ready_at, status }): Span[] => {
    if (started_at === null) return []
    const end = stopped_at ?? ready_at
    return [
      { from: Date.parse(started_at), to: end === null ? now : Date.parse(end), kind: 'recording', title: status },
    ]
  })
  const lane = { name: say('recordingLane'), spans: recorded, marks: [] }
  return [...(recorded.length > 0 ? [lane] : []), ...people.values()]
}

/** Streams and reconnects, from the log: each stream from its publish to what ended it. */
function addStreams(
  sessions: readonly Session[],
  events: readonly LoggedEvent[],
  people: ReadonlyMap<string, Lane>,
  now: number,
): void {
  const running = new Map<string, { lane: Lane; from: number; kind: string; user: string }>()
  const end = (key: string, to: number) => {
    const stream = running.get(key)
    if (stream === undefined) return
    stream.lane.spans.push({
      from: stream.from,
      to,
      kind: stream.kind,
      title: `${stream.kind} ${clock(stream.from)} – ${clock(to)}`,
    })
    running.delete(key)
  }
  const begins = new Set(sessions.map(({ user_id, joined_at }) => `${user_id} ${joined_at}`))
  const ends = sessions.flatMap(({ user_id, left_at }) => (left_at === null ? [] : [{ at: left_at, user_id }]))
  const happened = [
    ...events.filter(({ quarantined }) => quarantined === undefined).map((event) => ({ at: event.received_at, event })),
    ...ends.map(({ at, user_id }) => ({ at, left: user_id })),
  ].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 'left' in a ? 1 : -1))
  for (const one of happened) {
    const at = Date.parse(one.at)
    if ('left' in one) {
      for (const [key, { user }] of running) if (user === one.left) end(key, at)
      continue
    }
    const { event, params } = one.event
    const { user_id = '', stream_id = '', stream_type = '' } = params
    const lane = people.get(user_id)
    const key = `${user_id} ${stream_id}`
    if (lane === undefined) continue
    if (event === 'join' && !begins.has(`${user_id} ${one.at}`))
      lane.marks.push({ at, title: `${say('reconnects')} ${clock(at)}` })
    if (event === 'publish' && !running.has(key)) running.set(key, { lane, from: at, kind: stream_type, user: user_id })
    if (event === 'unpublish') end(key, at)
  }
  for (const key of [...running.keys()]) end(key, now)
}
