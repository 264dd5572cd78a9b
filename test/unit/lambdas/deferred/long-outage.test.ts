import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { AwsError } from '../../../../adapters/aws-json/client.ts'
import { parseCheckCodeSecret } from '../../../../adapters/secrets/key-secrets.ts'
import { createSecretReader } from '../../../../adapters/secrets/secret-reader.ts'
import { encodeEnvelope } from '../../../../core/protocol/envelope.ts'
import { retryDelaySeconds } from '../../../../core/retries/retry-delay.ts'
import { setUpHandler } from '../apply-events/set-up-handler.ts'
import { createReceiver, key, sign } from '../receive-callback/callbacks.ts'

const callbacksPerSecond = 20
const outageSeconds = 600
const callbackCount = callbacksPerSecond * outageSeconds

/** Every fourth callback is forged. */
const isForged = (index: number) => index % 4 === 3
const forgedCount = callbackCount / 4

type Message = { readonly body: string; receives: number; visibleAt: number }

beforeEach(() => {
  vi.useFakeTimers({ now: 1_764_000_000_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

/** Secrets Manager, which throttles all requests while it is failing. */
function createSecret() {
  const service = { isFailing: false }
  const client = async () => {
    if (service.isFailing) throw new AwsError('ThrottlingException', 400, '')
    return { SecretString: JSON.stringify({ current: key, previous: null }) }
  }
  const options = { client, secretArn: 'arn:secret', parse: parseCheckCodeSecret, reportUnusable: () => undefined }
  return { service, createReader: () => createSecretReader(options) }
}

/** The queue with its delays, and apply-events, in the time of the fake timers. */
function createConsumer(reader: ReturnType<typeof createSecretReader<readonly string[]>>) {
  const applier = setUpHandler({ reader, now: Date.now })
  const queue = new Map<string, Message>()
  let sentMessages = 0

  /** Starts to deliver what is visible. A message is invisible while it is delivered, and then for its delay if it failed. */
  function deliverVisible(): void {
    const visible = [...queue].filter(([, { visibleAt }]) => visibleAt <= Date.now())
    for (let start = 0; start < visible.length; start += 100) void deliver(visible.slice(start, start + 100))
  }

  async function deliver(messages: readonly (readonly [id: string, message: Message])[]): Promise<void> {
    for (const [, message] of messages) {
      message.receives++
      message.visibleAt = Number.POSITIVE_INFINITY
    }
    const failed = new Set(
      await applier.deliver(
        ...messages.map(([id, { body, receives }]): [string, string, number] => [id, body, receives]),
      ),
    )
    for (const [id, message] of messages) {
      if (!failed.has(id)) queue.delete(id)
      message.visibleAt = Date.now() + retryDelaySeconds(message.receives) * 1_000
    }
  }

  const add = (bodies: readonly string[]) => {
    for (const body of bodies) queue.set(String(sentMessages++), { body, receives: 0, visibleAt: 0 })
  }
  return { ...applier, queue, add, deliverVisible }
}

it('no genuine callback is lost and no forged one applied while the key cannot be read for ten minutes, cold or warm', {
  timeout: 180_000,
}, async () => {
  const { service, createReader } = createSecret()
  const warm = createReceiver({ reader: createReader() })
  await vi.advanceTimersByTimeAsync(10)
  service.isFailing = true
  const cold = createReceiver({ reader: createReader() })
  const consumer = createConsumer(createReader())
  const statuses: (number | undefined)[] = []

  const send = async (index: number) => {
    const params = { event: 'open', trace_id: `t-${index}`, room_id: `R-${index}` }
    const { get } = index % 8 < 4 ? cold : warm
    statuses[index] = (await get(sign(params, isForged(index) ? 'forged' : key))).status
  }
  const passSecond = async () => {
    await vi.advanceTimersByTimeAsync(1_000)
    for (const { sent, unverified } of [cold, warm])
      consumer.add([...sent.splice(0).map(encodeEnvelope), ...unverified.splice(0)])
    consumer.deliverVisible()
  }

  for (let second = 0; second < outageSeconds; second++) {
    for (let index = 0; index < callbacksPerSecond; index++) void send(second * callbacksPerSecond + index)
    await passSecond()
  }
  service.isFailing = false
  for (let second = 0; second < 310 && consumer.queue.size > 0; second++) await passSecond()

  expect(consumer.queue.size).toBe(0)
  expect(statuses.filter((status, index) => !isForged(index) && status !== 200)).toEqual([])
  expect(consumer.metricCount('EventsApplied')).toBe(callbackCount - forgedCount)
  // The warm receiver refuses forged callbacks itself until it would read the key again.
  const refusedAtOnce = warm.counted.filter((outcome) => outcome === 'check_code_wrong').length
  expect(refusedAtOnce).toBeLessThan(2 * callbacksPerSecond)
  expect(consumer.refusals).toEqual(Array.from({ length: forgedCount - refusedAtOnce }, () => 'check_code_wrong'))
  // The last ones may have been sent a moment before the key could be read.
  const deferred = cold.counted.filter((outcome) => outcome === 'accepted_unverified').length
  expect(callbackCount / 2 - deferred).toBeLessThan(callbacksPerSecond)
  expect(consumer.samples.length).toBeGreaterThan(0)
})
