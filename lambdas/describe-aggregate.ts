import { type AggregateId, streamOf } from '../core/state/aggregate.ts'
import { truncateForLog } from './truncate-for-log.ts'

/** Describes an aggregate in a log line, without a user id: log lines outlive the erasure of a person (docs/personal-data.md). */
export function describeAggregate(aggregate: AggregateId): string {
  return truncateForLog(streamOf(aggregate.kind === 'participant' ? { ...aggregate, user_id: '' } : aggregate))
}
