import { describe, expect, it } from 'vitest'
import { AwsError, type AwsJsonClient } from '../../../../adapters/aws-json/client.ts'
import { sqsEventQueue } from '../../../../adapters/sqs/event-queue.ts'
import type { Envelope } from '../../../../core/protocol/envelope.ts'

const envelope = (params: Record<string, string> = { event: 'open', room_id: 'R' }): Envelope => ({
  trace_id: 't',
  received_at: 1,
  source: 'callback',
  params,
})

type Answer = 'taken' | 'silence' | Error

/** A queue over a service that answers like this, the last answer over and over; and what was asked of it. */
function queue(answers: readonly Answer[], budget = { total: 400, first: 100 }) {
  const asked: { target: string; input: unknown }[] = []
  const client: AwsJsonClient = async (target, input, signal) => {
    const answer = answers[Math.min(asked.length, answers.length - 1)]
    asked.push({ target, input })
    if (answer instanceof Error) throw answer
    if (answer === 'taken') return { MessageId: 'm' }
    return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
  }
  const events = sqsEventQueue({ client, queueUrl: 'http://127.0.0.1:9/queue', firstAttemptTimeoutMs: budget.first })
  return { asked, send: (one: Envelope) => events.send(one, Date.now() + budget.total) }
}

const broken = new AwsError('InternalError', 500, 'try again')
const gone = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:9'), { code: 'ECONNREFUSED' })
const denied = new AwsError('AccessDenied', 403, 'no')
const throttled = new AwsError('ThrottlingException', 400, 'slow down')

describe('the event queue', () => {
  it('takes an event in one request, as JSON', async () => {
    const { asked, send } = queue(['taken'])
    expect(await send(envelope({ event: 'join', user_name: '王 🎥' }))).toBe('accepted')
    const QueueUrl = 'http://127.0.0.1:9/queue'
    expect(asked).toMatchObject([{ target: 'AmazonSQS.SendMessage', input: { QueueUrl } }])
    const bodies = asked.map(({ input }) => JSON.parse((input as { MessageBody: string }).MessageBody))
    expect(bodies).toEqual([envelope({ event: 'join', user_name: '王 🎥' })])
  })

  it.each([
    ['fails inside', broken],
    ['is unavailable', new AwsError('HTTP 503', 503, '')],
    ['is throttled', throttled],
    ['cannot be reached', gone],
  ])('is asked again where the service %s', async (_, error) => {
    const { asked, send } = queue([error, 'taken'])
    expect(await send(envelope())).toBe('accepted')
    expect(asked).toHaveLength(2)
    expect(asked[1]).toEqual(asked[0])
  })

  it('is asked again where the service does not answer in time', async () => {
    const { asked, send } = queue(['silence', 'taken'])
    expect(await send(envelope())).toBe('accepted')
    expect(asked).toHaveLength(2)
  })

  it.each([
    ['denied', denied],
    ['not found', new AwsError('QueueDoesNotExist', 400, 'no such queue')],
  ])('is not asked again where the answer is a refusal: %s', async (_, error) => {
    const { asked, send } = queue([error, 'taken'])
    await expect(send(envelope())).rejects.toBe(error)
    expect(asked).toHaveLength(1)
  })

  it.each([
    ['fails inside', broken],
    ['cannot be reached', gone],
    ['says nothing', 'silence' as const],
  ])('gives up within its budget where the service %s', async (_, answer) => {
    const { asked, send } = queue([answer])
    const began = performance.now()
    await expect(send(envelope())).rejects.toThrow()
    expect(performance.now() - began).toBeLessThan(600)
    expect(asked.length).toBeGreaterThan(1)
  })

  it('is not asked at all once the time is over', async () => {
    const { asked, send } = queue(['taken'], { total: 0, first: 100 })
    await expect(send(envelope())).rejects.toThrow()
    expect(asked).toEqual([])
  })

  it('says at once of an event that no message can hold that it is too large', async () => {
    const { asked, send } = queue(['taken'])
    // As a message it is much larger than as text.
    expect(await send(envelope({ event: 'open', large: '\u0001'.repeat(200_000) }))).toBe('too_large')
    expect(await send(envelope({ event: 'open', large: '王'.repeat(400_000) }))).toBe('too_large')
    expect(asked).toEqual([])
  })

  it('takes whatever a callback of 256 KB may bring', async () => {
    const { send } = queue(['taken'])
    expect(await send(envelope({ event: 'open', large: 'x'.repeat(255 * 1024) }))).toBe('accepted')
    // Four bytes each on the wire.
    expect(await send(envelope({ event: 'open', large: '🎥'.repeat(63 * 1024) }))).toBe('accepted')
  })
})
