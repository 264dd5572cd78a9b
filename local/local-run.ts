import type { TemplateRun } from '@northbound/template-runner'

/** The stack while it runs on this machine. */
export interface LocalRun extends TemplateRun {
  readonly callbackUrl: string
  readonly consoleUrl: string
  readonly apiToken: string
  readonly checkCodeKey: string | null
  /** The platform that it reconciles with. */
  readonly avdUrl: string | null
}
