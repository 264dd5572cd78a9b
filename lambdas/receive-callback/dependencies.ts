import type { EventQueue } from '../../core/ports/event-queue.ts'
import type { CheckCodeKeys, SecretReader } from '../../core/ports/secret-reader.ts'
import type { CallbackOutcome } from '../../names/outcomes.ts'
import type { RefusalSampler } from '../sample-refusals.ts'
import type { RefusalTally } from '../tally-refusals.ts'

export type ReceiveCallbackDependencies = {
  readonly queue: EventQueue
  readonly keys: SecretReader<CheckCodeKeys>
  /** Whether a callback without `check_code` is accepted. */
  readonly allowUnsigned: boolean
  /** CIDR ranges that may call; empty allows all. */
  readonly allowedCidrs: readonly string[]
  /** The key of the distribution for plain HTTP, if there is one. */
  readonly edgeKey?: SecretReader<string> | undefined
  /** Counts the outcome of a callback. */
  readonly count: (outcome: CallbackOutcome, request: CallbackCorrelation) => void
  /** Counts a signed callback that was not read in the usual way, by the name of the reading. */
  readonly countOtherReading: (reading: string) => void
  readonly sampleRefusal: RefusalSampler
  readonly tallyRefusals: RefusalTally
  readonly reportError: (message: string, error: unknown, request: CallbackCorrelation) => void
}

/** The ids by which a callback can be found in the logs of all functions. */
export type CallbackCorrelation = { readonly request_id: string; readonly trace_id?: string }
