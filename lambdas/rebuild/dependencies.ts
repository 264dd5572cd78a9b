import type { Logger } from '@aws-lambda-powertools/logger'
import type { AggregateReader } from '../../core/ports/aggregate-reader.ts'
import type { CommandQueue } from '../../core/ports/event-queue.ts'
import type { HistoryStores } from '../read-history.ts'

export type RebuildDependencies = HistoryStores & {
  readonly aggregates: AggregateReader
  readonly commands: CommandQueue
  readonly wait: (ms: number) => Promise<void>
  readonly logger: Logger
}
