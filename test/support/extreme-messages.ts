import { type Envelope, encodeMessage } from '../../core/protocol/envelope.ts'

// Messages of the event queue that a platform never sends, but that the receiver or the queue accepts.

/** Documented parameters of each kind of event. */
const kinds: Readonly<Record<string, readonly string[]>> = {
  open: [],
  join: ['user_id', 'user_name', 'endpoint_type', 'event_type'],
  publish: ['user_id', 'user_name', 'endpoint_type', 'stream_id', 'stream_type', 'resolution'],
  sub: ['user_id', 'user_name', 'endpoint_type', 'stream_id', 'stream_type'],
  update: ['user_id', 'user_name', 'endpoint_type'],
  unsub: ['user_id', 'user_name', 'endpoint_type', 'stream_id', 'stream_type'],
  unpublish: ['user_id', 'user_name', 'endpoint_type', 'stream_id', 'stream_type'],
  leave: ['user_id', 'user_name', 'endpoint_type', 'event_type'],
  start_record: ['exporter_id', 'exporter_type', 'start_time', 'event_type', 'options'],
  stop_record: ['exporter_id', 'exporter_type', 'start_time', 'stop_time', 'event_type', 'options'],
  record_transcoding_completion: ['exporter_id', 'exporter_type', 'start_time', 'event_type', 'options'],
  warning_notify: ['box_code', 'event_type', 'options'],
  close: ['event_type'],
  hologram_on: ['user_id'],
}
const common = ['event', 'trace_id', 'room_id', 'another_parameter']
const defaults: Readonly<Record<string, string>> = {
  room_id: 'R',
  user_id: 'U',
  stream_id: 'S',
  stream_type: 'audio',
  exporter_id: 'E',
  box_code: 'B',
  event_type: 'success',
}

/** 200 KB or more each, as UTF-8 or as JSON with escapes. */
const longTexts = {
  'ASCII text': 'a'.repeat(200_000),
  'Chinese text': '会'.repeat(66_000),
  emoji: `x${'😀'.repeat(25_000)}`,
  'lone surrogates': '\uD800'.repeat(40_000),
  'control characters': '\u0001'.repeat(40_000),
}
export type TextKind = keyof typeof longTexts

/** Texts that are expensive to parse or to redact. */
const longOptions = [
  '9'.repeat(200_000),
  ' '.repeat(200_000),
  '['.repeat(100_000),
  '"'.repeat(100_000),
  'token=_'.repeat(28_000),
  `${'a_'.repeat(100_000)}token`,
  JSON.stringify(Array.from({ length: 7000 }, (_, port) => ({ type: '端口'.repeat(2), port }))),
]

/** Lengths at the limits: ids of 4,096 bytes, and names and texts that a projection may keep in full. */
const boundaryTexts = ['a'.repeat(4096), '会'.repeat(1365), '😀'.repeat(1024), 'a'.repeat(2000), '会'.repeat(341)]

let serial = 0

function encode(params: Readonly<Record<string, string>>, changes: Partial<Envelope> = {}): string {
  const trace_id = params.trace_id || `extreme-${serial++}`
  const received_at = 1_000_000 + serial
  return encodeMessage({ trace_id, received_at, source: 'callback', ...changes, params: { ...params, trace_id } })
}

function paramsOf(kind: string): Record<string, string> {
  const names = ['room_id', ...(kinds[kind] ?? [])]
  return {
    event: kind,
    ...Object.fromEntries(names.flatMap((name) => (defaults[name] ? [[name, defaults[name]]] : []))),
  }
}

/** One event of each kind for each of its parameters, which has this long text as its value. */
export function messagesWithLongValue(text: TextKind): string[] {
  return Object.entries(kinds).flatMap(([kind, names]) =>
    [...common, ...names].map((name) => encode({ ...paramsOf(kind), [name]: longTexts[text] })),
  )
}

/** Long options of every event that has options, with each outcome. */
export function messagesWithLongOptions(): string[] {
  const kindsWithOptions = Object.keys(kinds).filter((kind) => kinds[kind]?.includes('options'))
  return longOptions.flatMap((options) =>
    kindsWithOptions.flatMap((kind) =>
      ['success', 'faild', 'check_port'].map((event_type) => encode({ ...paramsOf(kind), event_type, options })),
    ),
  )
}

/** Events of each kind with texts at the limits of what a store keeps in full, for one subject and for many. */
export function messagesAtLimits(): string[] {
  return boundaryTexts.flatMap((text) =>
    Object.entries(kinds).flatMap(([kind, names]) => {
      const all = Object.fromEntries(names.map((name) => [name, text]))
      const known = paramsOf(kind)
      const trace_id = `${serial}${text}`.slice(0, text.length)
      return [encode({ ...all, ...known }), encode({ ...known, ...all, room_id: text, trace_id })]
    }),
  )
}

/** More of everything in one room, one participant and one recording than a projection keeps, with ids of 4,096 bytes. */
export function messagesBeyondCounts(): string[] {
  const list = (count: number, create: (id: string, index: number) => Record<string, string>) =>
    Array.from({ length: count }, (_, index) => encode(create(`${index}${'会'.repeat(1300)}`, index)))
  const participant = { room_id: 'R', user_id: 'U' }
  return [
    ...list(1, () => ({ event: 'join', ...participant })),
    ...list(100, (stream_id) => ({ event: 'publish', ...participant, stream_id, resolution: stream_id })),
    ...list(1200, (stream_id) => ({ event: 'sub', ...participant, stream_id, stream_type: 'video' })),
    ...list(60, (user_name) => ({ event: 'join', ...participant, user_name, endpoint_type: user_name })),
    ...list(60, (user_name, index) => ({ event: index % 2 ? 'join' : 'leave', ...participant, user_name })),
    ...list(40, (trace_id) => ({ event: 'close', room_id: 'R', trace_id })),
    ...list(60, (start_time) => ({
      event: 'stop_record',
      room_id: 'R',
      exporter_id: 'E',
      event_type: 'success',
      start_time,
      options: JSON.stringify([start_time.repeat(8)]),
    })),
  ]
}

/** Events of each kind with thousands of parameters, long names, or an unknown kind of any length. */
export function messagesWithManyParameters(): string[] {
  const many = Object.fromEntries(Array.from({ length: 4000 }, (_, index) => [`parameter_${index}`, '值'.repeat(8)]))
  const names = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`${index}${'n'.repeat(1000)}`, '']))
  return Object.keys(kinds).flatMap((kind) => [
    encode({ ...many, ...paramsOf(kind) }),
    encode({ ...names, ...paramsOf(kind), constructor: 'c', toString: 't' }),
  ])
}

/** Messages that are no events, or larger than any event. */
export function strangeMessages(): string[] {
  const join = paramsOf('join')
  return [
    '',
    'null',
    '[]',
    '{"trace_id":5}',
    'a'.repeat(1_000_000),
    JSON.stringify({ command: 'rebuild', ['a'.repeat(900_000)]: 1 }),
    JSON.stringify({ command: 'rebuild', '\uD800': 1 }),
    JSON.stringify({ command: 'rebuild', aggregate: { kind: 'room', room_id: 'a'.repeat(900_000) } }),
    JSON.stringify({ command: 'rebuild', aggregate: { kind: 'room', room_id: '\uD800' } }),
    JSON.stringify({ command: 'rebuild', aggregate: { kind: 'box', box_code: '会'.repeat(1365) } }),
    '😀'.repeat(250_000),
    '['.repeat(500_000),
    encode({ ...join, user_name: 'a'.repeat(360_000) }),
    encode({ ...join, user_name: '"'.repeat(250_000) }),
    encode({ ...join, event: '' }),
    encode(join, { trace_id: '\uD800' }),
    encode(join, { trace_id: 'a'.repeat(200_000) }),
    encode(join, { received_at: 0 }),
    encode(join, { received_at: 4_102_444_800_000 }),
    encode(join, { received_at: -1 }),
    encode(join, { received_at: 1.5 }),
    encode({ ...join, trace_id: 'conflict', user_name: 'a'.repeat(340_000) }),
    encode({ ...join, trace_id: 'conflict', user_name: 'b'.repeat(340_000) }, { received_at: 5 }),
  ]
}
