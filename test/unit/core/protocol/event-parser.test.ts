import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createEventParser } from '../../../../core/protocol/event-parser.ts'
import { dataSchema, parseEvent } from '../../../../core/protocol/events.ts'
import { anyText } from '../../../support/any-text.ts'

const eventNames = dataSchema.options.map(({ shape }) => shape.event.value)
const parameterNames = new Set(dataSchema.options.flatMap(({ shape }) => Object.keys(shape)))

/** Values that some parameter treats in its own way, and any text. */
const anyValue = fc.oneof(
  fc.constantFrom(
    '',
    'R',
    'reconciled',
    'Reconciled',
    'clientKick',
    'AUDIO',
    'Web',
    'faild',
    'CHECK_PORT',
    '__proto__',
  ),
  fc.constantFrom('[{"type":"tcp","port":8088},{"type":"udp"}]', 'not JSON', '名'.repeat(300), 'x'.repeat(3000)),
  anyText({ maxLength: 12 }),
)
const anyParameter = fc.tuple(fc.constantFrom(...parameterNames, 'timestamp', 'constructor', '__proto__'), anyValue)
const anyParams = fc
  .tuple(fc.constantFrom(...eventNames, 'hologram_on', 'constructor', ''), fc.array(anyParameter, { maxLength: 16 }))
  .map(([event, parameters]): Record<string, string> => Object.fromEntries([['event', event], ...parameters]))
const anyCallback = fc.record({
  metadata: fc.record({
    trace_id: anyText({ maxLength: 3 }),
    received_at: fc.nat(9),
    source: fc.constantFrom('callback' as const, 'reconcile' as const),
  }),
  params: fc.oneof(
    anyParams,
    anyParams.map((params) => ({ room_id: 'R', user_id: 'U', stream_id: 'S', box_code: 'B', ...params })),
  ),
})

describe('a parser of createEventParser', () => {
  it('returns the same events as parseEvent, whatever it has parsed before', () => {
    fc.assert(
      fc.property(fc.array(anyCallback, { maxLength: 30 }), (callbacks) => {
        const parse = createEventParser()
        for (const { metadata, params } of callbacks)
          expect(parse(metadata, params)).toStrictEqual(parseEvent(metadata, params))
      }),
      { numRuns: 300 },
    )
  })

  it('shares the parsed values of equal parameters among events', () => {
    const parse = createEventParser()
    const options = '[{"type":"tcp","port":8088}]'
    const [first, second] = ['t1', 't2'].map((trace_id) =>
      parse({ trace_id, received_at: 1, source: 'callback' }, { event: 'warning_notify', box_code: 'B', options }),
    )
    expect(first?.data).toMatchObject({ options: { ports: [{ type: 'tcp', port: 8088 }] } })
    expect(Object(first?.data).options).toBe(Object(second?.data).options)
  })

  it('parses more different values than it remembers', () => {
    const parse = createEventParser()
    for (let index = 0; index < 10_000; index++) {
      const { data } = parse(
        { trace_id: 't', received_at: 1, source: 'callback' },
        { event: 'join', room_id: 'R', user_id: `U${index}` },
      )
      expect(data).toEqual({ event: 'join', room_id: 'R', user_id: `U${index}` })
    }
  })
})
