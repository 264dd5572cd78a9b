import { describe, expect, it } from 'vitest'
import { AwsError, type AwsJsonClient } from '../../../../adapters/aws-json/client.ts'
import { sqsEventQueue } from '../../../../adapters/sqs/event-queue.ts'
import type { Envelope } from '../../../../core/protocol/envelope.ts'
import { messageGroupOf } from '../../../../core/protocol/message-group.ts'
import type { UnverifiedCallback } from '../../../../core/protocol/unverified-callback.ts'

const envelope = (params: Record<string, string> = { event: 'open', room_id: 'R' }): Envelope => ({
  trace_id: 't',
  received_at: 1,
  source: 'callback',
  params,
})

type ServiceResponse = 'accepted' | 'none' | Error

/** Creates a queue whose service gives these responses and repeats the last one. `requests` lists what it received. */
function createQueue(responses: readonly ServiceResponse[], budget = { total: 400, first: 100 }) {
  const requests: { target: string; input: unknown }[] = []
  const client: AwsJsonClient = async (target, input, signal) => {
    const response = responses[Math.min(requests.length, responses.length - 1)]
    requests.push({ target, input })
    if (response instanceof Error) throw response
    if (response === 'accepted') return { MessageId: 'm' }
    return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
  }
  const events = sqsEventQueue({ client, queueUrl: 'http://127.0.0.1:9/queue', firstAttemptMs: budget.first })
  return {
    requests,
    send: (one: Envelope) => events.send(one, Date.now() + budget.total),
    sendUnverified: (one: UnverifiedCallback) => events.sendUnverified(one, Date.now() + budget.total),
  }
}

const internalError = new AwsError('InternalError', 500, 'try again')
const unreachable = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:9'), { code: 'ECONNREFUSED' })
const denied = new AwsError('AccessDenied', 403, 'no')
const throttled = new AwsError('ThrottlingException', 400, 'slow down')

describe('sqsEventQueue', () => {
  it('sends an event in one request, as JSON', async () => {
    const { requests, send } = createQueue(['accepted'])
    expect(await send(envelope({ event: 'join', user_name: '王 🎥' }))).toBe('accepted')
    const QueueUrl = 'http://127.0.0.1:9/queue'
    expect(requests).toMatchObject([{ target: 'AmazonSQS.SendMessage', input: { QueueUrl } }])
    const bodies = requests.map(({ input }) => JSON.parse((input as { MessageBody: string }).MessageBody))
    expect(bodies).toEqual([envelope({ event: 'join', user_name: '王 🎥' })])
  })

  it.each([
    ['its room', { event: 'join', room_id: 'R', user_id: 'U' }],
    ['its media server', { event: 'warning_notify', box_code: 'B' }],
    ['events that name neither', { event: 'license' }],
  ])('sends an event in the message group of %s', async (_, params) => {
    const { requests, send } = createQueue(['accepted'])
    await send(envelope(params))
    expect(requests).toMatchObject([{ input: { MessageGroupId: messageGroupOf(params) } }])
  })

  const unverified = (rawQueryString: string, bytes = 0): UnverifiedCallback => ({
    request: { method: 'POST', rawQueryString, contentType: 'text/plain', body: Buffer.alloc(bytes, 0xff) },
    requestId: 'r',
    receivedAt: 1,
    sourceAddress: '192.0.2.7',
  })

  it('sends an unverified callback in a group of its own, whatever room it claims', async () => {
    const { requests, sendUnverified } = createQueue(['accepted'])
    for (const room_id of ['R', 'S']) await sendUnverified(unverified(`event=open&room_id=${room_id}`))
    expect(requests).toMatchObject(['R', 'S'].map(() => ({ input: { MessageGroupId: 'unverified' } })))
  })

  it('sends an unverified callback of any bytes and 256 KB, and none that SQS would refuse', async () => {
    const { requests, sendUnverified } = createQueue(['accepted'])
    expect(await sendUnverified(unverified('', 256 * 1024))).toBe('accepted')
    expect(await sendUnverified(unverified('x'.repeat(256 * 1024)))).toBe('accepted')
    expect(await sendUnverified(unverified('\u0000'.repeat(256 * 1024)))).toBe('too_large')
    expect(requests).toHaveLength(2)
  })

  it.each([
    ['fails internally', internalError],
    ['is unavailable', new AwsError('HTTP 503', 503, '')],
    ['is throttled', throttled],
    ['cannot be reached', unreachable],
  ])('retries if the service %s', async (_, error) => {
    const { requests, send } = createQueue([error, 'accepted'])
    expect(await send(envelope())).toBe('accepted')
    expect(requests).toHaveLength(2)
    expect(requests[1]).toEqual(requests[0])
  })

  it('retries if the service does not respond in time', async () => {
    const { requests, send } = createQueue(['none', 'accepted'])
    expect(await send(envelope())).toBe('accepted')
    expect(requests).toHaveLength(2)
  })

  it.each([
    ['access is denied', denied],
    ['the queue does not exist', new AwsError('QueueDoesNotExist', 400, 'no such queue')],
  ])('does not retry if %s', async (_, error) => {
    const { requests, send } = createQueue([error, 'accepted'])
    await expect(send(envelope())).rejects.toBe(error)
    expect(requests).toHaveLength(1)
  })

  it.concurrent.each([
    ['fails internally', internalError],
    ['cannot be reached', unreachable],
    ['does not respond', 'none' as const],
  ])('gives up at the deadline if the service %s', async (_, response) => {
    const { requests, send } = createQueue([response])
    const startedAt = performance.now()
    await expect(send(envelope())).rejects.toThrow()
    expect(performance.now() - startedAt).toBeLessThan(600)
    expect(requests.length).toBeGreaterThan(1)
  })

  it('sends nothing after the deadline', async () => {
    const { requests, send } = createQueue(['accepted'], { total: 0, first: 100 })
    await expect(send(envelope())).rejects.toThrow()
    expect(requests).toEqual([])
  })

  it('reports an event that fits no message as too large, without sending it', async () => {
    const { requests, send } = createQueue(['accepted'])
    // JSON escapes each of these characters with six.
    expect(await send(envelope({ event: 'open', large: '\u0001'.repeat(200_000) }))).toBe('too_large')
    expect(await send(envelope({ event: 'open', large: '王'.repeat(400_000) }))).toBe('too_large')
    expect(requests).toEqual([])
  })

  it('accepts any event of a callback of 256 KB', async () => {
    const { send } = createQueue(['accepted'])
    expect(await send(envelope({ event: 'open', large: 'x'.repeat(255 * 1024) }))).toBe('accepted')
    // Each character has four bytes in UTF-8.
    expect(await send(envelope({ event: 'open', large: '🎥'.repeat(63 * 1024) }))).toBe('accepted')
  })
})
