import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Command, encodeCommand } from '../../../../core/protocol/command.ts'
import { decodeMessage } from '../../../../core/protocol/decode-message.ts'
import { encodeEnvelope } from '../../../../core/protocol/envelope.ts'
import { encodeUnverifiedCallback } from '../../../../core/protocol/unverified-callback.ts'
import { anyText } from '../../../support/any-text.ts'

const command = { command: 'rebuild', aggregate: { kind: 'room', room_id: 'R' } } as const
const envelope = { trace_id: 't', received_at: 5, source: 'callback', params: { event: 'open', room_id: 'R' } } as const

describe('decodeMessage', () => {
  it('returns the encoded command for any aggregate', () => {
    const id = anyText({ minLength: 1, maxLength: 20 })
    // The recordings without an exporter have an empty id.
    const recording_id = fc.oneof(id, fc.constant(''))
    const aggregate = fc.oneof(
      fc.record({ kind: fc.constant('room' as const), room_id: id }),
      fc.record({ kind: fc.constant('participant' as const), room_id: id, user_id: id }),
      fc.record({ kind: fc.constant('recording' as const), room_id: id, recording_id }),
      fc.record({ kind: fc.constant('box' as const), box_code: id }),
    )
    fc.assert(
      fc.property(aggregate, (any) => {
        const sent: Command = { command: 'rebuild', aggregate: any }
        expect(decodeMessage(encodeCommand(sent))).toEqual(sent)
      }),
    )
  })

  it('returns the event of an envelope, also if the envelope has the members of a command', () => {
    expect(decodeMessage(encodeEnvelope(envelope))).toMatchObject({ event: 'open', params: envelope.params })
    expect(decodeMessage(JSON.stringify({ ...command, ...envelope }))).toMatchObject({ event: 'open' })
  })

  it('returns the encoded unverified callback for any request', () => {
    const header = fc.option(anyText({ maxLength: 40 }), { nil: undefined })
    const request = fc.record({
      method: fc.constantFrom('GET', 'POST'),
      rawQueryString: anyText({ maxLength: 40 }),
      contentType: header,
      contentEncoding: header,
      body: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    })
    fc.assert(
      fc.property(request, fc.nat(), fc.tuple(anyText({ maxLength: 40 }), fc.ipV6()), (any, receivedAt, texts) => {
        const [requestId, sourceAddress] = texts
        const sent = { request: any, receivedAt, requestId, sourceAddress }
        expect(decodeMessage(encodeUnverifiedCallback(sent))).toEqual(sent)
      }),
    )
  })

  it('returns an unverified callback without a source address, as the receiver sent it at first', () => {
    const sent = { request_id: 'r', received_at: 1, method: 'GET', query: 'event=open', body: '' }
    expect(decodeMessage(JSON.stringify({ unverified: sent }))).toMatchObject({ requestId: 'r', sourceAddress: '' })
  })

  it.each([
    [
      'an unverified callback with a further member',
      { unverified: {}, command: 'rebuild' },
      /not an unverified callback/,
    ],
    ['an unverified callback without a request', { unverified: {} }, /not an unverified callback/],
    ['another command', { ...command, command: 'erase' }, /not a command/],
    ['an aggregate without a state', { ...command, aggregate: { kind: 'other', room_id: 'R' } }, /not a command/],
    [
      'an id of more than 4,096 characters',
      { ...command, aggregate: { kind: 'room', room_id: 'x'.repeat(4097) } },
      /not a command/,
    ],
    ['an empty id', { ...command, aggregate: { kind: 'room', room_id: '' } }, /not a command/],
    ['a further member', { ...command, trace_id: 't' }, /not a command/],
    ['neither a command nor an envelope', {}, /not an event envelope/],
  ])('returns the reason for %s', (_, message, reason) => {
    expect(decodeMessage(JSON.stringify(message))).toMatch(reason)
  })
})
