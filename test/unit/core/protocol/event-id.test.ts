import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromEventItem, toEventItem } from '../../../../adapters/dynamodb/event-item.ts'
import { decodeEnvelope } from '../../../../core/protocol/decode-envelope.ts'
import { encodeEnvelope, selectStoredParameters } from '../../../../core/protocol/envelope.ts'
import { eventId } from '../../../../core/protocol/event-id.ts'
import { parseEvent } from '../../../../core/protocol/events.ts'
import { anyText } from '../../../support/any-text.ts'

const params = { event: 'join', room_id: 'R', user_id: 'U', trace_id: 't' }
const join = parseEvent({ trace_id: 't', received_at: 10, source: 'callback' }, params)

describe('eventId', () => {
  it('is the same for every delivery of an event, whatever its time of receipt and the order of its parameters', () => {
    expect(eventId({ ...join, params: Object.fromEntries(Object.entries(params).reverse()) })).toBe(eventId(join))
    expect(eventId(parseEvent({ ...join, received_at: 20 }, params))).toBe(eventId(join))
  })

  it('is different for another trace_id, source, parameter name, value or number of parameters', () => {
    const others = [
      { ...join, trace_id: 'u' },
      { ...join, source: 'reconcile' as const },
      { ...join, params: { ...params, user_id: 'V' } },
      { ...join, params: { event: 'join', room_id: 'R', user_ie: 'U', trace_id: 't' } },
      { ...join, params: { ...params, user_name: '' } },
    ]
    expect(new Set([join, ...others].map(eventId)).size).toBe(6)
  })

  it('follows from the logged event alone, for any parameters', () => {
    const parameters = fc.array(fc.record({ name: anyText({ maxLength: 20 }), value: anyText({ maxLength: 20 }) }))
    fc.assert(
      fc.property(parameters, (received) => {
        const envelope = { ...join, params: { ...selectStoredParameters(received), event: 'hologram_on' } }
        const event = decodeEnvelope(encodeEnvelope(envelope))
        if (typeof event === 'string') throw new Error(event)
        expect(eventId(fromEventItem(toEventItem(event, 400)))).toBe(eventId(event))
      }),
    )
  })
})
