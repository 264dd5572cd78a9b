import type { StatefulAggregateId } from '../state/aggregate.ts'
import type { ProjectionContent } from './find-difference.ts'

/** `omitted_bytes`: the content as JSON is too large for the response. */
export type ReportedContent = ProjectionContent | { readonly omitted_bytes: number }

/** A stored projection that is not what the log folds into. */
export type ReportedDifference = {
  readonly aggregate: StatefulAggregateId
  readonly stored: ReportedContent
  readonly folded: ReportedContent
}

/** What the function `rebuild` returns. */
export type RebuildResponse = {
  /** Number of aggregates compared with the log. */
  readonly checked: number
  readonly different: number
  /** Number of aggregates that changed so often meanwhile that nothing can be said. */
  readonly unsettled: number
  readonly differences: readonly ReportedDifference[]
  /** Number of commands put on the event queue; 0 in a dry run. */
  readonly commands: number
  /** Continues with the next request; null if everything selected has been compared. */
  readonly cursor: string | null
}
