import type { RunnerOptions } from '@northbound/template-runner'
import type { AvdOptions } from './platform.ts'

/** What a run on this machine may be told. */
export interface LocalOptions extends Omit<RunnerOptions, 'assembly' | 'scheduleSeconds'> {
  /** CDK context on top of that of `cdk.json`. */
  readonly context?: Readonly<Record<string, string>>
  /** Left out: callbacks need no signature. */
  readonly checkCodeKey?: string
  /** Left out: a random one. */
  readonly apiToken?: string
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
}
