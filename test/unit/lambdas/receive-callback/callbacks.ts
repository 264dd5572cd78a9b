import { createHmac } from 'node:crypto'
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import type { CheckCodeKeys, SecretReader, SecretReading } from '../../../../core/ports/secret-reader.ts'
import type { Envelope } from '../../../../core/protocol/envelope.ts'
import { encodeUnverifiedCallback } from '../../../../core/protocol/unverified-callback.ts'
import type { ReceiveCallbackDependencies } from '../../../../lambdas/receive-callback/dependencies.ts'
import { createHandler } from '../../../../lambdas/receive-callback/handler.ts'
import type { CallbackOutcome } from '../../../../names/outcomes.ts'
import { createGatewayEvent, type GatewayRequest, lambdaContext } from '../../../support/api-gateway.ts'

export const key = 'nb-demo-key'
export const join = {
  event: 'join',
  trace_id: '0d6f9e0a-3c5b-4c9c-8a4e-5f3f8a5b1c22',
  room_id: '18972290508',
  user_id: '42',
  event_type: 'normal',
  endpoint_type: 'web',
}

/** Adds the `check_code` of the parameters, in hex. */
export function sign(params: Record<string, string>, secret = key): Record<string, string> {
  const names = Object.keys(params).filter((name) => params[name] !== '')
  const canonical = names.sort().map((name) => params[name])
  return { ...params, check_code: createHmac('sha256', secret).update(canonical.join('|')).digest('hex') }
}

export const encodeQuery = (params: Record<string, string>) => String(new URLSearchParams(params))

type ReceiverOptions = {
  /** Empty if no key is configured. */
  readonly keys?: readonly string[]
  /** The keys after a refresh. */
  readonly refreshedKeys?: readonly string[]
  /** What reading the keys yields. @default the keys */
  readonly knownKeys?: SecretReading<CheckCodeKeys>
  /** What a refresh yields. @default the refreshed keys */
  readonly newestKeys?: SecretReading<CheckCodeKeys>
  /** @default a reader of the keys above */
  readonly reader?: SecretReader<CheckCodeKeys>
  readonly allowUnsigned?: boolean
  readonly allowedCidrs?: readonly string[]
  /** What reading the distribution's secret yields, if there is a distribution. */
  readonly edgeKey?: SecretReading<string>
  /** What a refresh of that secret yields. */
  readonly newestEdgeKey?: SecretReading<string>
  readonly send?: ReceiveCallbackDependencies['queue']['send']
  readonly sendUnverified?: ReceiveCallbackDependencies['queue']['sendUnverified']
}

function readingOf(keys: readonly string[]): SecretReading<CheckCodeKeys> {
  return keys.length === 0 ? { outcome: 'not_configured' } : { outcome: 'configured', value: keys }
}

/** Creates the handler with a queue in memory, and records what it does. */
export function createReceiver({
  keys = [key],
  refreshedKeys = keys,
  knownKeys = readingOf(keys),
  newestKeys = refreshedKeys === keys ? knownKeys : readingOf(refreshedKeys),
  allowUnsigned = false,
  edgeKey,
  newestEdgeKey,
  ...options
}: ReceiverOptions = {}) {
  const sent: Envelope[] = []
  /** Bodies of messages. */
  const unverified: string[] = []
  const counted: CallbackOutcome[] = []
  const sampled: CallbackOutcome[] = []
  const tallied: CallbackOutcome[] = []
  const otherReadings: string[] = []
  const errors: unknown[] = []
  /** Until when the keys could be read. ms since 1970 */
  const deadlines: number[] = []
  let refreshes = 0
  const handler = createHandler({
    queue: {
      send: async (envelope, deadline) => {
        const outcome = (await options.send?.(envelope, deadline)) ?? 'accepted'
        if (outcome === 'accepted') sent.push(envelope)
        return outcome
      },
      sendUnverified: async (callback, deadline) => {
        const outcome = (await options.sendUnverified?.(callback, deadline)) ?? 'accepted'
        if (outcome === 'accepted') unverified.push(encodeUnverifiedCallback(callback))
        return outcome
      },
    },
    keys: options.reader ?? {
      read: async (deadline) => {
        deadlines.push(deadline)
        return knownKeys
      },
      refresh: async (deadline) => {
        deadlines.push(deadline)
        refreshes++
        return newestKeys
      },
    },
    allowUnsigned,
    allowedCidrs: options.allowedCidrs ?? [],
    edgeKey: edgeKey && { read: async () => edgeKey, refresh: async () => newestEdgeKey ?? edgeKey },
    count: (outcome) => counted.push(outcome),
    sampleRefusal: async (_, { outcome }) => void sampled.push(outcome),
    tallyRefusals: async (refusals) => void tallied.push(...refusals.map(({ outcome }) => outcome)),
    countOtherReading: (reading) => otherReadings.push(reading),
    reportError: (_, error) => errors.push(error),
  })
  async function call(request: GatewayRequest) {
    const response: APIGatewayProxyStructuredResultV2 = await handler(createGatewayEvent(request), lambdaContext)
    const { statusCode, headers = {}, body = '' } = response
    return { status: statusCode, headers, body: JSON.parse(body) as { ret: number; msg: string } }
  }
  return {
    sent,
    unverified,
    counted,
    otherReadings,
    sampled,
    tallied,
    errors,
    deadlines,
    call,
    get: (params: Record<string, string>) => call({ query: encodeQuery(params) }),
    refreshCount: () => refreshes,
  }
}
