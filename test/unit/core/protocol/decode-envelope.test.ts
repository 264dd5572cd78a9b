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
})
