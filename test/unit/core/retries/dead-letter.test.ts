import { describe, expect, it } from 'vitest'
import { encodeCommand } from '../../../../core/protocol/command.ts'
import { encodeEnvelope } from '../../../../core/protocol/envelope.ts'
import { encodeUnverifiedCallback } from '../../../../core/protocol/unverified-callback.ts'
import { describeDeadLetter } from '../../../../core/retries/dead-letter.ts'

const describeBody = (body: string, isRedriven = false) => describeDeadLetter({ body, sentAt: 5, isRedriven })
const envelope = (params: Record<string, string>) =>
  encodeEnvelope({ trace_id: 't', received_at: 1, source: 'callback', params })

function unverifiedCallback(rawQueryString: string): string {
  const body = Buffer.alloc(0)
  const request = { method: 'GET', rawQueryString, contentType: undefined, contentEncoding: undefined, body }
  return encodeUnverifiedCallback({ request, requestId: 'r', receivedAt: 2, sourceAddress: '' })
}

describe('describeDeadLetter', () => {
  it('tells the event, the room and the time of receipt of an event', () => {
    const body = envelope({ event: 'join', room_id: 'R', user_id: 'U' })
    expect(describeBody(body)).toEqual({ event: 'join', room_id: 'R', received_at: 1, cause: 'failed' })
    expect(describeBody(body, true)).toMatchObject({ cause: 'failed_again' })
  })

  it('knows no room of a warning', () => {
    const body = envelope({ event: 'warning_notify', box_code: 'B', event_type: 'check_port' })
    expect(describeBody(body)).toMatchObject({ event: 'warning_notify', room_id: null })
  })

  it('tells the room of a command, and when it was sent', () => {
    const body = encodeCommand({ command: 'rebuild', aggregate: { kind: 'room', room_id: 'R' } })
    expect(describeBody(body)).toEqual({ event: 'rebuild', room_id: 'R', received_at: 5, cause: 'failed' })
  })

  it('tells what an unverified callback claims to be', () => {
    const body = unverifiedCallback('event=leave&room_id=%E6%88%BF%201')
    expect(describeBody(body)).toEqual({ event: 'leave', room_id: '房 1', received_at: 2, cause: 'unverified' })
    expect(describeBody(body, true)).toMatchObject({ cause: 'failed_again' })
  })

  it('knows neither event nor room of an unverified callback that claims none', () => {
    const body = unverifiedCallback('room_id=&trace_id=t')
    expect(describeBody(body)).toEqual({ event: null, room_id: null, received_at: 2, cause: 'unverified' })
  })

  it.each(['no JSON', '{"trace_id":"t"}', '{"command":"fly","aggregate":{}}'])('finds %s unreadable', (body) => {
    expect(describeBody(body)).toEqual({ event: null, room_id: null, received_at: 5, cause: 'unreadable' })
  })
})
