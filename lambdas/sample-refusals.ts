import type { RefusedSampleWriter } from '../core/ports/refused-samples.ts'
import type { CheckCodeKeys, SecretMemory } from '../core/ports/secret-reader.ts'
import type { CallbackRequest } from '../core/protocol/callback-request.ts'
import { redactSample } from '../core/protocol/refused-sample.ts'
import { listSentParameters } from '../core/protocol/sent-parameters.ts'
import type { CallbackError } from './callback-error.ts'
import { orAbort, withBudget } from './deadline.ts'
import { createRateLimit } from './rate-limit.ts'

/** ms between two samples of the same outcome in an environment. */
const sampleIntervalMs = 5_000

export type RefusalSamplerOptions = {
  readonly samples: RefusedSampleWriter
  readonly keys: SecretMemory<CheckCodeKeys>
  /** ms for keeping a sample. */
  readonly maxSampleMs: number
  readonly reportError: (message: string, error: unknown) => void
}

/** A callback that is refused. */
export type RefusedCallback = {
  /** ms since 1970 */
  readonly receivedAt: number
  readonly method: string
  readonly readAddress: () => Promise<string>
  readonly readRequest: () => CallbackRequest
}

/** Keeps what a refused callback sent. Never fails. */
export type RefusalSampler = (callback: RefusedCallback, refusal: CallbackError) => Promise<void>

/**
 * Creates a sampler that keeps at most one callback of each outcome in five seconds, so that frequent refusals for one cause do not
 * hide those for another.
 *
 * The caller waits for the write, because Lambda freezes the environment after the invocation, but not for long. A callback that
 * got 503 is not sampled: the response is late already, and nothing is wrong with the request. A probe is not sampled either:
 * that it is refused is what the operator wants to see.
 */
export function createRefusalSampler(options: RefusalSamplerOptions): RefusalSampler {
  const limits = new Map<string, (now: number) => boolean>()
  return async (callback, refusal) => {
    const { status, outcome } = refusal
    if (status >= 500 || outcome === 'probe_refused') return
    const maySample = limits.get(outcome) ?? createRateLimit(1, sampleIntervalMs)
    limits.set(outcome, maySample)
    if (!maySample(Date.now())) return
    try {
      await withBudget(options.maxSampleMs, 'no time was left to keep the sample', (signal) =>
        orAbort(keepSample(options, callback, refusal, signal), signal),
      )
    } catch (error) {
      options.reportError('refused callback not sampled', error)
    }
  }
}

async function keepSample(
  { samples, keys }: RefusalSamplerOptions,
  { receivedAt, method, readAddress, readRequest }: RefusedCallback,
  { outcome, message }: CallbackError,
  signal: AbortSignal,
): Promise<void> {
  const reading = await keys.recall()
  const sample = redactSample(
    {
      at: receivedAt,
      outcome,
      msg: message,
      method,
      source_address: await readAddress(),
      // The body of a request that is too large is not read.
      parameters: outcome === 'too_large' ? [] : listSentParameters(readRequest()),
    },
    reading?.outcome === 'not_configured' ? [] : reading?.outcome === 'configured' ? reading.value : undefined,
  )
  await samples.put(sample, signal)
}
