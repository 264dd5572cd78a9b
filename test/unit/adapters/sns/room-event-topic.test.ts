import type { PublishBatchCommandInput, SNSClient } from '@aws-sdk/client-sns'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { snsRoomEventTopic } from '../../../../adapters/sns/room-event-topic.ts'
import { toEventRecord } from '../../../../core/notifications/room-event.ts'
import type { RoomEventMessage } from '../../../../core/ports/topics.ts'
import { event } from '../../../support/events.ts'

type Answer = { Failed?: { Id: string; Code: string; SenderFault: boolean }[] }

/** A client that notes what it is asked and answers so. */
function topic(answer: (input: PublishBatchCommandInput) => Answer = () => ({})) {
  const requests: PublishBatchCommandInput[] = []
  const send = async ({ input }: { input: PublishBatchCommandInput }) => {
    requests.push(input)
    return answer(input)
  }
  return { requests, ...snsRoomEventTopic({ send } as unknown as SNSClient, 'arn:topic') }
}

const message = (params: Record<string, string> = {}, name = 'join'): RoomEventMessage => {
  const one = event(name, params)
  return { body: toEventRecord(one), room_id: 'room_id' in one.data ? one.data.room_id : undefined }
}

/** Bytes, as SNS counts them: messages with the names, types and values of their attributes. */
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

describe('room events', () => {
  it('are published ten a request, with the attributes to filter by', async () => {
    const { publish, requests } = topic()
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

  it('about no room have no room to filter by', async () => {
    const { publish, requests } = topic()
    await publish([message({ box_code: 'B' }, 'warning_notify')])
    expect(Object.keys(requests[0]?.PublishBatchRequestEntries?.[0]?.MessageAttributes ?? {})).toEqual([
      'event',
      'source',
    ])
  })

  it('that SNS does not take are named, one by one', async () => {
    const { publish } = topic(({ PublishBatchRequestEntries = [] }) => ({
      Failed: PublishBatchRequestEntries.filter(({ Message }) => Message?.includes('bad')).map(({ Id = '' }) => ({
        Id,
        Code: 'InternalError',
        SenderFault: false,
      })),
    }))
    const messages = [message(), message({ user_name: 'bad' }), message()]
    expect([...(await publish(messages)).keys()]).toEqual([messages[1]])
  })

  it('of a request that fails are all named; those of other requests are not', async () => {
    let calls = 0
    const { publish } = topic(() => {
      if (calls++ === 0) throw new Error('SNS is down')
      return {}
    })
    const messages = Array.from({ length: 12 }, () => message())
    expect([...(await publish(messages)).keys()]).toEqual(messages.slice(0, 10))
  })

  it('that are larger than SNS takes come without their parameters, and say so', async () => {
    const { publish, requests } = topic()
    const large = message({ user_name: '名'.repeat(100_000) })
    await publish([large])
    const [entry] = requests[0]?.PublishBatchRequestEntries ?? []
    expect(JSON.parse(entry?.Message ?? '')).toEqual({ ...large.body, params: {}, params_omitted: true })
  })

  it.each(['"', '\u0001', '😀'])('fit even where the name of the event is all of it: %j', async (part) => {
    const { publish, requests } = topic()
    await publish([message({}, part.repeat(130_000))])
    expect(sizeOf(requests[0] ?? { TopicArn: '', PublishBatchRequestEntries: [] })).toBeLessThan(10_000)
  })

  it('fit what SNS takes, whatever is in them, and each goes out once', async () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 300 })
    const many = fc.tuple(text, fc.integer({ min: 1, max: 700 })).map(([part, times]) => part.repeat(times))
    const params = fc.record({
      room_id: text,
      user_id: text,
      user_name: many,
      event: fc.oneof(fc.constant('join'), many),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(params, { minLength: 1, maxLength: 25 }), async (all) => {
        const { publish, requests } = topic()
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
  }, 60_000)
})
