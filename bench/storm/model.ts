import type { PartitionUnits } from '@northbound/template-runner'
import type { QueueSettings } from './event-queue.ts'

/** A burst of events in one room among others, and the limits of the stack. All times are ms from the start of the burst. */
export type StormModel = {
  /** Arrival of each event at the API, and what it writes. */
  readonly arrivals: readonly StormArrival[]
  readonly receive: { readonly coldMs: number; readonly warmMs: number }
  readonly queue: QueueSettings
  readonly apply: ApplySettings
  readonly dynamodb: {
    /** Write units that one partition serves. */
    readonly partitionUnitsPerSecond: number
  }
}

/** What `apply-events` does for a batch. A change of that function is entered here. */
export type ApplySettings = {
  readonly coldMs: number
  /** Response time of DynamoDB and SNS. */
  readonly requestMs: number
  /** Time of the function for a request, during which it does nothing else. */
  readonly cpuMsPerRequest: number
  /** Projections that are read together, and how many such groups are processed at once. */
  readonly groupSize: number
  readonly groupConcurrency: number
  /** Projections of a group that are processed at once. */
  readonly projectionConcurrency: number
  /** Time for the log and the projections of a batch. What is not done by then is delivered again. */
  readonly budgetMs: number
  /** Events that a projection remembers. After a conflict, it is continued if it shows all events that were added. */
  readonly maxRecentEvents: number
  /** The requests that read the history of a projection: how many at once, step by step. */
  readonly historyReads: readonly number[]
}

export type StormArrival = {
  readonly atMs: number
  readonly group: string
  /** The projection that the event changes. */
  readonly stream: string
  /** What logging the event writes. */
  readonly logWrites: readonly PartitionUnits[]
  readonly projection: {
    readonly partition: string
    /** Write units of the projection by the number of events that it has applied since the start; the last one stays. */
    readonly unitsByEvents: readonly number[]
  }
  /** The entries that the event changes in indexes of projections. */
  readonly indexWrites: readonly PartitionUnits[]
}

export type StormQueueDepth = {
  readonly atMs: number
  /** Messages that wait in the queue. */
  readonly waiting: number
  /** Messages in batches that are being applied. */
  readonly inFlight: number
}

export type StormDelay = {
  /** When the batch with the event ended. */
  readonly atMs: number
  readonly group: string
  /** Time from the API to the end of the batch, when the event is stored and published. */
  readonly delayMs: number
}

export type StormUsage = {
  batches: number
  requests: number
  writeUnits: number
  throttledRequests: number
  /** Writes of projections that failed because another batch had written since the read. */
  conflicts: number
  /** Messages that were not applied in time and so were delivered again. */
  redeliveries: number
}

export type StormOutcome = Readonly<StormUsage> & {
  readonly depths: readonly StormQueueDepth[]
  /** One for each event, in the order in which events were applied. */
  readonly delays: readonly StormDelay[]
  readonly receiverConcurrency: number
}
