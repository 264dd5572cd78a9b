import type { Logger } from '@aws-lambda-powertools/logger'
import type { Metrics } from '@aws-lambda-powertools/metrics'
import type { ChatQueue } from '../../core/ports/chat-queue.ts'
import type { ChatConfiguration, ChatLanguage } from '../../core/ports/chat-robots.ts'
import type { RetryQueue } from '../../core/ports/event-queue.ts'
import type { RobotStates } from '../../core/ports/robot-states.ts'

/** An alert with the time at which the topic delivered it, in ms since 1970. */
export type TimedAlert = { readonly alert: string; readonly received_at: number }

/** A message to a robot, and how many of the alerts it covers: they follow those of the message before. */
type ComposedMessage = { readonly text: string; readonly alertCount: number }

export type NotifyChatDependencies = {
  /** The robots of the secret, which may be a minute old; undefined: none. Rejects, without secrets, if no usable secret is known. */
  readonly readChat: () => Promise<ChatConfiguration | undefined>
  /** The robots of the secret as it is now. Rejects, without secrets, if it cannot be used. */
  readonly refreshChat: () => Promise<ChatConfiguration | undefined>
  /** Reports entries of the secret that cannot be used. */
  readonly reportProblems: (problems: readonly string[]) => void
  readonly states: RobotStates
  readonly queue: ChatQueue
  readonly retries: RetryQueue
  /** Writes as few messages as the alerts need, in their order. */
  readonly compose: (
    alerts: readonly TimedAlert[],
    language: ChatLanguage,
    maxBytes: number,
  ) => readonly ComposedMessage[]
  readonly testText: (language: ChatLanguage) => string
  /** The name of the alarm on robots that take no messages. */
  readonly refusalAlarm: string
  /** ms since 1970 */
  readonly now: () => number
  readonly sleep: (ms: number) => Promise<unknown>
  readonly logger: Logger
  readonly metrics: Metrics
}
