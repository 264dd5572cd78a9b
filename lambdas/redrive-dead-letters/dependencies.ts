import type { Logger } from '@aws-lambda-powertools/logger'
import type { Metrics } from '@aws-lambda-powertools/metrics'
import type { ApplierActivityReader } from '../../core/ports/applier-activity.ts'
import type { DeadLetterQueue } from '../../core/ports/dead-letter-queue.ts'

export type RedriveDependencies = {
  readonly deadLetters: DeadLetterQueue
  readonly activity: ApplierActivityReader
  /** ms since 1970 */
  readonly now: () => number
  readonly logger: Logger
  readonly metrics: Metrics
}
