import type { RefusedSample } from '../../../core/ports/refused-samples.ts'
import { encodeEnvelope } from '../../../core/protocol/envelope.ts'
import { redactingReplacer } from '../../../core/protocol/redaction.ts'
import { createHandler } from '../../../lambdas/receive-callback/handler.ts'
import { createRefusalSampler } from '../../../lambdas/sample-refusals.ts'
import { createRefusalTally } from '../../../lambdas/tally-refusals.ts'
import { createGatewayEvent, type GatewayRequest, lambdaContext } from '../api-gateway.ts'
import { receiverKeys } from './hostile-callback.ts'

/** What the receiver answered and wrote while it handled one request. */
export type ReceiverResult = {
  readonly status: number
  readonly body: string
  readonly headers: Readonly<Record<string, unknown>>
  /** Bodies of messages on the event queue. */
  readonly messages: readonly string[]
  readonly samples: readonly RefusedSample[]
  /** Errors and correlations, as the logger writes them. */
  readonly logLines: readonly string[]
  /** Errors that the handler reported. No request may cause one. */
  readonly errors: readonly unknown[]
}

/** Creates the receiver with its real sampler and tally, a queue in memory and two keys. Each call has its own sampler, so that it samples. */
export function createAbusedReceiver(): (request: GatewayRequest) => Promise<ReceiverResult> {
  const reading = { outcome: 'configured', value: receiverKeys } as const
  const keys = { read: async () => reading, refresh: async () => ({ ...reading }), recall: async () => reading }
  return async (request) => {
    const messages: string[] = []
    const samples: RefusedSample[] = []
    const logLines: string[] = []
    const errors: unknown[] = []
    const log = (entry: object) => void logLines.push(JSON.stringify(entry, redactingReplacer))
    const reportError = (message: string, error: unknown, request = {}) => {
      errors.push(error)
      log({ message, error: String(error), ...request })
    }
    const handler = createHandler({
      queue: {
        async send(envelope) {
          messages.push(encodeEnvelope(envelope))
          return 'accepted'
        },
        sendUnverified: () => Promise.reject(new Error('the key can be read')),
      },
      keys,
      allowUnsigned: false,
      allowedCidrs: [],
      count: (outcome, correlation) => log({ outcome, ...correlation }),
      countOtherReading: (other) => log({ reading: other }),
      sampleRefusal: createRefusalSampler({
        samples: { put: async (sample) => void samples.push(sample) },
        keys,
        maxSampleMs: 60_000,
        reportError,
      }),
      tallyRefusals: createRefusalTally({ counter: { add: async () => {} }, maxSaveMs: 60_000, reportError }),
      reportError,
    })
    const { statusCode = 0, body = '', headers = {} } = await handler(createGatewayEvent(request), lambdaContext)
    return { status: statusCode, body, headers, messages, samples, logLines, errors }
  }
}
