import type { LogFilter } from './functions/log-filter.ts'

/** How to run a template on this machine. */
export interface RunnerOptions {
  /** Port of the HTTP API; 0 selects a free one. Default 3322. */
  readonly port?: number
  /**
   * Folder of the cloud assembly, or a function that creates one. The function is called after the runner has opened
   * the port, so that a port in use is reported before a synthesis that takes seconds.
   */
  readonly assembly: string | ((onCleanup: RegisterCleanup, signal: AbortSignal | undefined) => Promise<string>)
  /** A DynamoDB endpoint to use instead of the embedded engine. */
  readonly dynamodbUrl?: string | undefined
  /** Periods of schedules, instead of the template's, by the function that they invoke, named as for `invoke`. */
  readonly scheduleSeconds?: Readonly<Record<string, number>> | undefined
  /** Which log lines of the functions are printed. Default `errors`. */
  readonly logs?: LogFilter | undefined
  /** Visibility timeout of every queue, instead of the queue's own. */
  readonly visibilityTimeoutSeconds?: number | undefined
  /** Batching window of every event source mapping, instead of the mapping's own. */
  readonly batchingWindowSeconds?: number | undefined
  /**
   * How long a message group takes up too much of a queue before its messages are received after those of other groups.
   * Default 200, because published measurements of SQS saw the delays of other groups fall after that time.
   */
  readonly noisyGroupDetectionSeconds?: number | undefined
  /** Receives the runner's own lines. Default: standard error. */
  readonly log?: ((line: string) => void) | undefined
  /** Aborts the start before resources are created. */
  readonly signal?: AbortSignal | undefined
}

/** Registers an action that runs when the run stops or cannot start; the last one registered runs first. */
export type RegisterCleanup = (action: () => unknown) => void
