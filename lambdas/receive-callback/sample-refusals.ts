import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type { RefusedSampleWriter } from '../../core/ports/refused-samples.ts'
import type { CheckCodeKeys, SecretMemory, SecretReader } from '../../core/ports/secret-reader.ts'
import { redactSample } from '../../core/protocol/refused-sample.ts'
import { listSentParameters } from '../../core/protocol/sent-parameters.ts'
import type { CallbackError } from '../callback-error.ts'
import { orAbort, withBudget } from '../deadline.ts'
import { maxSampleMs, sampleIntervalMs } from './budgets.ts'
import { createRateLimit } from './rate-limit.ts'
import { toCallbackRequest } from './read-request.ts'
import { sourceAddress } from './source-address.ts'

export type RefusalSamplerOptions = {
  readonly samples: RefusedSampleWriter
  readonly keys: SecretMemory<CheckCodeKeys>
  readonly edgeKey?: SecretReader<string> | undefined
  readonly reportError: (message: string, error: unknown) => void
}

/** Keeps what a refused request sent. Never fails. */
export type RefusalSampler = (request: APIGatewayProxyEventV2, refusal: CallbackError) => Promise<void>

/**
 * Creates a sampler that keeps at most one request in five seconds (docs/contract.md, section 6).
 *
 * The response waits for the write, because Lambda freezes the environment after it, but not for long. A response with 503
 * does not wait: it is late already, and nothing is wrong with its request.
 */
export function createRefusalSampler(options: RefusalSamplerOptions): RefusalSampler {
  const maySample = createRateLimit(1, sampleIntervalMs)
  return async (request, refusal) => {
    if (refusal.status >= 500 || !maySample(Date.now())) return
    try {
      await withBudget(maxSampleMs, 'no time was left to keep the sample', (signal) =>
        orAbort(keepSample(options, request, refusal, signal), signal),
      )
    } catch (error) {
      options.reportError('refused callback not sampled', error)
    }
  }
}

async function keepSample(
  { samples, keys, edgeKey }: RefusalSamplerOptions,
  request: APIGatewayProxyEventV2,
  { outcome, message }: CallbackError,
  signal: AbortSignal,
): Promise<void> {
  const { http, timeEpoch } = request.requestContext
  const reading = await keys.recall()
  const address = await sourceAddress(request, edgeKey, Date.now() + maxSampleMs).catch(() => http.sourceIp)
  const sample = redactSample(
    {
      at: timeEpoch,
      outcome,
      msg: message,
      method: http.method,
      source_address: address,
      // The body of a request that is too large is not read.
      parameters: outcome === 'too_large' ? [] : listSentParameters(toCallbackRequest(request)),
    },
    reading?.outcome === 'not_configured' ? [] : reading?.outcome === 'configured' ? reading.value : undefined,
  )
  await samples.put(sample, signal)
}
