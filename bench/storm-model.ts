/** A burst of events in one room, and the limits of the stack. All times are ms from the start of the burst. */
export type StormModel = {
  /** Arrival of each event at the API, and what it writes. */
  readonly arrivals: readonly StormArrival[]
  readonly receive: { readonly coldMs: number; readonly warmMs: number }
  readonly queue: {
    readonly batchSize: number
    readonly windowMs: number
    /** Concurrent batches when the queue starts to fill. */
    readonly initialConcurrency: number
    readonly concurrencyGrowthPerSecond: number
    readonly maxConcurrency: number
  }
  readonly apply: {
    readonly requestMs: number
    /** CPU time of the function for a request. */
    readonly cpuMsPerRequest: number
    /** Participants of a batch that are processed concurrently. */
    readonly participantConcurrency: number
  }
  readonly dynamodb: {
    /** Write units that one partition serves. */
    readonly partitionUnitsPerSecond: number
    /** Write units of a participant's projection. */
    readonly projectionUnits: number
  }
}

export type StormArrival = {
  readonly atMs: number
  /** The participant whose projection the event changes. */
  readonly userId: string
  readonly partitions: StormPartitions
}

/** The partitions to which an event and the projection of its participant are written. Equal names are one partition. */
export type StormPartitions = { readonly log: string; readonly timeline: string; readonly state: string }

export type StormQueueDepth = {
  readonly atMs: number
  /** Messages that wait in the queue. */
  readonly waiting: number
  /** Messages in batches that are being applied. */
  readonly inFlight: number
}

export type StormDelay = {
  /** When the event was applied. */
  readonly atMs: number
  /** Time from the API to the stored state. */
  readonly delayMs: number
}

export type StormOutcome = {
  readonly depths: readonly StormQueueDepth[]
  /** One for each event, in the order in which events were applied. */
  readonly delays: readonly StormDelay[]
  readonly receiverConcurrency: number
  readonly batches: number
  /** Projections that another batch had written since the read, so that they were projected again. */
  readonly conflicts: number
}
