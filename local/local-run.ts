import type { SimulatedRobot } from '@northbound/chat-simulator'
import type { TemplateRun } from '@northbound/template-runner'

/** The product's stack, running on this machine. */
export interface LocalRun extends TemplateRun {
  readonly callbackUrl: string
  readonly consoleUrl: string
  readonly apiToken: string
  readonly checkCodeKey: string | null
  /** Base URL of the platform that the stack reconciles with. */
  readonly avdUrl: string | null
  /** The simulated group robots; empty without the setting `chat`. */
  readonly robots: readonly SimulatedRobot[]
}
