import type { LogChoice } from './functions/log-lines.ts'

/** How to run a template on this machine. */
export interface RunnerOptions {
  /** Port of the HTTP API; 0 picks any free one. Default 3322. */
  readonly port?: number
  /**
   * Folder of the cloud assembly, or a function that creates one. The function is called after the port is taken,
   * because a port in use is the most common mistake and a synthesis takes seconds.
   */
  readonly assembly: string | ((cleanup: Cleanup, signal: AbortSignal | undefined) => Promise<string>)
  /** A DynamoDB endpoint to use instead of the embedded engine. */
  readonly dynamodbUrl?: string | undefined
  /** Period of every schedule, instead of the template's. */
  readonly scheduleSeconds?: number | undefined
  /** Which log lines of the functions are printed. Default `errors`. */
  readonly logs?: LogChoice | undefined
  /** Visibility timeout of every polled queue, instead of the queue's own. */
  readonly visibilityTimeoutSeconds?: number | undefined
  /** Batching window of every event source mapping, instead of the mapping's own. */
  readonly batchingWindowSeconds?: number | undefined
  /** Receives the runner's own lines. Default: standard error. */
  readonly log?: ((line: string) => void) | undefined
  /** Aborts a start that is under way. */
  readonly signal?: AbortSignal | undefined
}

/** Registers what must be undone when the run stops, in reverse order. */
export type Cleanup = (action: () => unknown) => void
