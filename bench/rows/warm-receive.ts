import { canonicalString, createCheckCodeVerifier } from '../../core/protocol/check-code.ts'
import { encodeEnvelope } from '../../core/protocol/envelope.ts'
import { readCallback } from '../../core/protocol/readings.ts'
import { createHandler } from '../../lambdas/receive-callback/handler.ts'
import { callbackEvent, checkCodeKey } from '../callback.ts'
import { receiveFloor } from '../peers/receive-floor.ts'
import { createWebhookVerifier } from '../peers/verify-webhook.ts'
import type { BenchRow } from '../row.ts'
import { interleave } from '../statistics.ts'

/**
 * CPU time of the handler from event to envelope, with the key in memory and a queue that accepts at once. Neither side
 * includes the signed SQS request and the log line.
 */
export async function measureWarmReceive(rounds: number, calls: number): Promise<BenchRow> {
  let message = ''
  const keys = { outcome: 'configured', value: [checkCodeKey] } as const
  const handler = createHandler({
    queue: {
      async send(envelope) {
        message = encodeEnvelope(envelope)
        return 'accepted'
      },
      sendUnverified: () => Promise.reject(new Error('every callback can be verified')),
    },
    keys: { read: async () => keys, refresh: async () => keys },
    allowUnsigned: false,
    allowedCidrs: [],
    count: () => undefined,
    countOtherReading: () => undefined,
    sampleRefusal: async () => undefined,
    tallyRefusals: async () => undefined,
    reportError: (text, error) => {
      throw new Error(text, { cause: error })
    },
  })
  const context = { getRemainingTimeInMillis: () => 6000 } as Parameters<typeof handler>[1]
  const receive = async () => {
    const { statusCode } = await handler(callbackEvent, context)
    if (statusCode !== 200 || message === '') throw new Error(`the handler responded ${statusCode}`)
  }
  const receiveMinimum = () => receiveFloor(callbackEvent.rawQueryString, checkCodeKey)
  const samples = await interleave(
    rounds,
    () => measureCpuMicroseconds(calls, receive),
    () => measureCpuMicroseconds(calls, receiveMinimum),
  )
  return { name: 'warm-receive', unit: 'µs CPU', ...samples, targets: { maxRatio: 2.3 }, counted: false }
}

export async function measureWarmVerify(rounds: number, calls: number): Promise<BenchRow> {
  const { rawQueryString } = callbackEvent
  const callback = readCallback({ method: 'GET', rawQueryString, contentType: undefined, body: new Uint8Array() })
  const keys = [checkCodeKey]
  const verify = () => {
    if (createCheckCodeVerifier(callback)(keys).outcome !== 'valid') throw new Error('the check_code is invalid')
  }
  const verifyWebhook = createWebhookVerifier(checkCodeKey, canonicalString(callback.readUnsigned()))
  const samples = await interleave(
    rounds,
    () => measureCpuMicroseconds(calls, verify),
    () => measureCpuMicroseconds(calls, verifyWebhook),
  )
  return { name: 'warm-verify', unit: 'µs CPU', ...samples, targets: { maxRatio: 0.5 }, counted: false }
}

/** CPU time per call. */
async function measureCpuMicroseconds(calls: number, call: () => unknown): Promise<number> {
  const before = process.cpuUsage()
  for (let count = 0; count < calls; count++) await call()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / calls
}
