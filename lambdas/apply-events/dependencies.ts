import type { Logger } from '@aws-lambda-powertools/logger'
import type { Metrics } from '@aws-lambda-powertools/metrics'
import type { FailureRecorder } from '../../core/ports/applier-activity.ts'
import type { CallbackCounter } from '../../core/ports/callback-counter.ts'
import type { EventLog } from '../../core/ports/event-log.ts'
import type { RetryQueue } from '../../core/ports/event-queue.ts'
import type { OpenWarningRecorder } from '../../core/ports/open-warnings.ts'
import type { ProjectionStore } from '../../core/ports/projection-store.ts'
import type { CheckCodeKeys, SecretReader } from '../../core/ports/secret-reader.ts'
import type { AlertTopic, RoomEventTopic } from '../../core/ports/topics.ts'
import type { ProjectionRules } from '../../core/projection/project.ts'
import type { RefusalOutcome } from '../../names/outcomes.ts'
import type { RefusalSampler } from '../sample-refusals.ts'
import type { RefusalTally } from '../tally-refusals.ts'
import type { ErasureCache } from './erasure-cache.ts'

export type ApplyDependencies = {
  readonly log: EventLog
  readonly store: ProjectionStore
  readonly rules: ProjectionRules
  /** ms since 1970 */
  readonly now: () => number
}

export type PublishDependencies = ApplyDependencies & {
  readonly alerts: AlertTopic
  readonly openWarnings: OpenWarningRecorder
  readonly roomEvents: RoomEventTopic
}

export type ApplyEventsDependencies = PublishDependencies & {
  /** The people whose earlier events are dropped. */
  readonly erasures: ErasureCache
  readonly counter: CallbackCounter
  readonly retries: RetryQueue
  readonly failures: FailureRecorder
  /** Verifies the callbacks that the receiver could not verify. */
  readonly keys: SecretReader<CheckCodeKeys>
  /** Whether their `check_code` is ignored if the secret is empty. */
  readonly allowUnsigned: boolean
  /** Counts such a callback that is refused, like those that the receiver refuses. */
  readonly countRefusal: (outcome: RefusalOutcome) => void
  readonly sampleRefusal: RefusalSampler
  readonly tallyRefusals: RefusalTally
  /** A message that fails at this receive becomes a dead letter. */
  readonly maxReceiveCount: number
  readonly logger: Logger
  readonly metrics: Metrics
}
