import type { School } from '@northbound/avd-simulator'
import type { RunnerOptions } from '@northbound/template-runner'

/** How to reach the API of a 3TEE AVD installation. */
export interface AvdConnection {
  readonly baseUrl: string
  readonly accessKey: string
  readonly secretKey: string
  /** JMESPath expressions by name, for lists whose structure is not recognised. */
  readonly listPaths?: Readonly<Record<string, string>>
}

/** The options of a local run. */
export interface LocalOptions extends Omit<RunnerOptions, 'assembly' | 'scheduleSeconds'> {
  /** CDK context values in addition to those in `cdk.json`. */
  readonly context?: Readonly<Record<string, string>>
  /** Default: callbacks need no signature. */
  readonly checkCodeKey?: string
  /** Default: random. */
  readonly apiToken?: string
  /** The platform to reconcile with. Default: none. */
  readonly avd?: AvdConnection
  /** Reconcile with a simulated installation that generates callbacks. */
  readonly demo?: boolean
  /** Creates the past that the tables are filled with before the start, until `endAt` (ms since 1970). Default: none. */
  readonly history?: (endAt: number) => School
  /** Period of the sweeps, instead of the template's. */
  readonly sweepSeconds?: number
  /** Replaces the context value of the same name. It has no effect on an existing `assembly`. */
  readonly sweepGraceSeconds?: number
  /** Directory of a cloud assembly to run. Default: the stack is synthesized. */
  readonly assembly?: string
}
