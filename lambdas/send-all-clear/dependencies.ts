import type { Logger } from '@aws-lambda-powertools/logger'
import type { AlertTopic } from '../../core/ports/topics.ts'

export type SendAllClearDependencies = {
  readonly alerts: AlertTopic
  /** The name of the installation, with which the names of its alarms begin. */
  readonly installation: string
  /** IANA time zone of the times in alerts. */
  readonly timeZone: string
  readonly logger: Logger
}
