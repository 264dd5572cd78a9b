import type { LogChoice } from './functions/log-lines.ts'
import type { AvdOptions } from './platform.ts'

/** What a run on this machine may be told. */
export interface LocalOptions {
  /** Of the HTTP API; 0: any free one. Default 3322. */
  readonly port?: number
  /** CDK context on top of that of `cdk.json`. */
  readonly context?: Readonly<Record<string, string>>
  /** Left out: callbacks need no signature. */
  readonly checkCodeKey?: string
  /** Left out: a random one. */
  readonly apiToken?: string
  /** A DynamoDB endpoint to use instead of the embedded one. */
  readonly dynamodbUrl?: string
  /** The platform to reconcile with. Left out: none. */
  readonly avd?: AvdOptions
  /** A simulated installation with people in it instead. */
  readonly demo?: boolean
  /** Instead of the period of every schedule. */
  readonly sweepSeconds?: number
  /** Instead of the template's own, by way of the context; an `assembly` has its own already. */
  readonly sweepGraceSeconds?: number
  /** Folder of an assembly to run instead of synthesizing one. */
  readonly assembly?: string
  /** Which lines of the functions are shown. Default `errors`. */
  readonly logs?: LogChoice
  /** Instead of the queues' own, so that a test need not wait minutes for a second receive. */
  readonly visibilityTimeoutSeconds?: number
  /** Instead of the event source mappings' own. */
  readonly batchingWindowSeconds?: number
  /** Where the runner's lines go. Default: standard error. */
  readonly log?: (line: string) => void
  /** Gives up a start that is under way. */
  readonly signal?: AbortSignal
}
