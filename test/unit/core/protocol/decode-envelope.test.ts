import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeEnvelope } from '../../../../core/protocol/decode-envelope.ts'
import { encodeEnvelope } from '../../../../core/protocol/envelope.ts'
import { anyText } from '../../../support/any-text.ts'

const metadata = { trace_id: 't', received_at: 5, source: 'callback' } as const
const encodeAndDecode = (params: Record<string, string>) => decodeEnvelope(encodeEnvelope({ ...metadata, params }))

describe('decodeEnvelope', () => {
  it('returns the encoded event with all its parameters', () => {
    expect(encodeAndDecode({ event: 'join', room_id: 'R', user_id: 'U', anything: '王' })).toMatchObject({
      ...metadata,
      event: 'join',
      params: { event: 'join', room_id: 'R', user_id: 'U', anything: '王' },
      data: { event: 'join', room_id: 'R', user_id: 'U' },
    })
  })

  it('keeps parameters of any name and value', () => {
    const name = anyText().filter((candidate) => candidate !== '__proto__')
    fc.assert(
      fc.property(fc.dictionary(name, anyText(), { noNullPrototype: true }), (params) => {
        const sent = { ...params, event: 'hologram_on' }
        expect(encodeAndDecode(sent)).toMatchObject({ params: sent })
      }),
    )
  })

  it('keeps parameters with names of Object.prototype', () => {
    const sent = JSON.parse('{"event":"hologram_on","constructor":"c","__proto__":"p"}')
    const event = encodeAndDecode(sent)
    expect(typeof event === 'string' ? event : Object.entries(event.params)).toEqual(Object.entries(sent))
  })

  it('replaces lone surrogates, which no store accepts', () => {
    const body = JSON.stringify({
      ...metadata,
      trace_id: 't\uD800',
      params: { event: 'join', room_id: 'R\uDFFF', user_id: 'U', 'n\uD800': '\uD800' },
    })
    expect(decodeEnvelope(body)).toMatchObject({
      trace_id: 't\uFFFD',
      params: { event: 'join', room_id: 'R\uFFFD', user_id: 'U', 'n\uFFFD': '\uFFFD' },
      data: { event: 'join', room_id: 'R\uFFFD' },
    })
  })

  it.each(['trace_id', 'room_id', 'user_id', 'stream_id', 'box_code', 'exporter_id', 'start_time'])(
    'rejects a %s of more than 4,096 bytes',
    (name) => {
      const decode = (id: string) => encodeAndDecode({ event: 'hologram_on', [name]: id })
      expect(decode('王'.repeat(1365))).toMatchObject({ event: 'hologram_on' })
      expect(decode('王'.repeat(1366))).toBe(`${name} is longer than 4096 bytes`)
    },
  )

  it('rejects a long trace_id that is not among the parameters', () => {
    const body = encodeEnvelope({ ...metadata, trace_id: 't'.repeat(4097), params: { event: 'hologram_on' } })
    expect(decodeEnvelope(body)).toBe('trace_id is longer than 4096 bytes')
  })

  it.each([
    ['ASCII text', 'a', 350_000],
    ['Chinese text', '王', 116_667],
    ['quotation marks', '"', 175_000],
    ['control characters', '\u0001', 58_334],
  ])('rejects parameters of more than 350,000 bytes as JSON: %s', (_name, character, count) => {
    const decode = (length: number) => encodeAndDecode({ event: 'hologram_on', text: character.repeat(length) })
    expect(decode(count - 100)).toMatchObject({ event: 'hologram_on' })
    expect(decode(count)).toBe('the parameters are longer than 350000 bytes as JSON')
  })
})
