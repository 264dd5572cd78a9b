import type { PublishBatchCommandInput } from '@aws-sdk/client-sns'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { snsRoomEventTopic } from '../../../../adapters/sns/room-event-topic.ts'
import { toRoomEvent } from '../../../../core/notifications/room-event.ts'
import type { RoomEventMessage } from '../../../../core/ports/topics.ts'
import { anyText } from '../../../support/any-text.ts'
import { event } from '../../../support/events.ts'
import { fakeSnsClient } from '../../../support/fake-sns-client.ts'

type BatchResponse = { Failed?: { Id: string; Code: string; SenderFault: boolean }[] }

/** A topic with a client that records its requests. */
function createRecordingTopic(respond: (input: PublishBatchCommandInput) => BatchResponse = () => ({})) {
  const requests: PublishBatchCommandInput[] = []
  const client = fakeSnsClient((input) => {
    requests.push(input as PublishBatchCommandInput)
    return respond(input as PublishBatchCommandInput)
  })
  return { requests, ...snsRoomEventTopic(client, 'arn:topic') }
}

const message = (params: Record<string, string> = {}, name = 'join'): RoomEventMessage => {
  const one = event(name, params)
  const { room_id, box_code } = one.data as { room_id?: string; box_code?: string }
  return { body: toRoomEvent(one, undefined), room_id, box_code }
}

/** Bytes as SNS counts them: the messages, and the names, types and values of their attributes. */
function sizeOf({ PublishBatchRequestEntries = [] }: PublishBatchCommandInput): number {
  return PublishBatchRequestEntries.reduce((sum, { Message = '', MessageAttributes = {} }) => {
    const attributes = Object.entries(MessageAttributes).flatMap(([name, { StringValue = '' }]) => [
      name,
      'String',
      StringValue,
    ])
    return sum + [Message, ...attributes].reduce((bytes, text) => bytes + Buffer.byteLength(text), 0)
  }, 0)
}

describe('snsRoomEventTopic', () => {
  it('publishes ten events per request, with attributes to filter by', async () => {
    const { publish, requests } = createRecordingTopic()
    const messages = Array.from({ length: 25 }, () => message())
    expect(await publish(messages)).toEqual(new Map())
    expect(requests.map((request) => request.PublishBatchRequestEntries?.length).sort()).toEqual([10, 10, 5])
    const [first] = requests[0]?.PublishBatchRequestEntries ?? []
    expect(requests[0]?.TopicArn).toBe('arn:topic')
    expect(JSON.parse(first?.Message ?? '')).toEqual(messages[0]?.body)
    expect(first?.MessageAttributes).toEqual({
      event: { DataType: 'String', StringValue: 'join' },
      room_id: { DataType: 'String', StringValue: 'R' },
      source: { DataType: 'String', StringValue: 'callback' },
    })
  })

  it('gives a warning the box_code as an attribute instead of a room', async () => {
    const { publish, requests } = createRecordingTopic()
    await publish([message({ box_code: 'B' }, 'warning_notify')])
    expect(requests[0]?.PublishBatchRequestEntries?.[0]?.MessageAttributes).toEqual({
      event: { DataType: 'String', StringValue: 'warning_notify' },
      box_code: { DataType: 'String', StringValue: 'B' },
      source: { DataType: 'String', StringValue: 'callback' },
    })
  })

  it('returns an error for each message that SNS does not accept', async () => {
    const { publish } = createRecordingTopic(({ PublishBatchRequestEntries = [] }) => ({
      Failed: PublishBatchRequestEntries.filter(({ Message }) => Message?.includes('bad')).map(({ Id = '' }) => ({
        Id,
        Code: 'InternalError',
        SenderFault: false,
      })),
    }))
    const messages = [message(), message({ user_name: 'bad' }), message()]
    expect([...(await publish(messages)).keys()]).toEqual([messages[1]])
  })

  it('returns an error for every message of a failed request, and for no other message', async () => {
    let calls = 0
    const { publish } = createRecordingTopic(() => {
      if (calls++ === 0) throw new Error('SNS is down')
      return {}
    })
    const messages = Array.from({ length: 12 }, () => message())
    expect([...(await publish(messages)).keys()]).toEqual(messages.slice(0, 10))
  })

  it('publishes an event that is too large for SNS without its parameters, and marks it', async () => {
    const { publish, requests } = createRecordingTopic()
    const large = message({ user_name: '名'.repeat(100_000) })
    await publish([large])
    const [entry] = requests[0]?.PublishBatchRequestEntries ?? []
    expect(JSON.parse(entry?.Message ?? '')).toEqual({ ...large.body, params: {}, params_omitted: true })
  })

  it.each(['"', '\u0001', '😀'])('keeps an event within the limit if its name alone exceeds it: %j', async (part) => {
    const { publish, requests } = createRecordingTopic()
    await publish([message({}, part.repeat(130_000))])
    expect(sizeOf(requests[0] ?? { TopicArn: '', PublishBatchRequestEntries: [] })).toBeLessThan(10_000)
  })

  it('keeps any events within the limits of SNS, and publishes each once', async () => {
    const text = anyText({ minLength: 1, maxLength: 300 })
    const many = fc.tuple(text, fc.integer({ min: 1, max: 700 })).map(([part, times]) => part.repeat(times))
    const params = fc.record({
      room_id: text,
      user_id: text,
      user_name: many,
      event: fc.oneof(fc.constant('join'), many),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(params, { minLength: 1, maxLength: 25 }), async (all) => {
        const { publish, requests } = createRecordingTopic()
        const messages = all.map(({ event: name, ...rest }) => message(rest, name))
        await publish(messages)
        const traces = requests.flatMap(({ PublishBatchRequestEntries = [] }) =>
          PublishBatchRequestEntries.map(({ Message = '' }) => JSON.parse(Message).trace_id),
        )
        expect(traces.sort()).toEqual(messages.map(({ body }) => body.trace_id).sort())
        for (const request of requests) {
          expect(request.PublishBatchRequestEntries?.length).toBeLessThanOrEqual(10)
          expect(sizeOf(request)).toBeLessThanOrEqual(262_144)
          for (const { Message = '', MessageAttributes = {} } of request.PublishBatchRequestEntries ?? [])
            for (const sent of [
              Message,
              ...Object.values(MessageAttributes).map(({ StringValue = '' }) => StringValue),
            ])
              expect(sent).toMatch(/^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]+$/u)
        }
      }),
      { numRuns: 60 },
    )
  })
})
