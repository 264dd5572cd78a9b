import type { SendResult } from '../ports/chat-robots.ts'
import { retryDelaySeconds } from './retry-delay.ts'

/** Why a group robot does not take messages. */
export type RobotTrouble = {
  readonly outcome: Exclude<SendResult['outcome'], 'sent'>
  /** ms since 1970: when it took no messages for the first time. */
  readonly since: number
  /** Attempts in a row with this outcome. */
  readonly attempts: number
  /** For logs. Contains no part of the robot's URL or secret. */
  readonly reason: string
}

/** What follows from an attempt: how long nothing is sent to the robot, and why it does not take messages. */
export type RobotPause = { readonly pauseMs: number; readonly trouble: RobotTrouble | undefined }

/** Only a person can change a refusal, so more frequent attempts would not help. */
const refusedPauseMs = 300_000
/** ms. A message must be received again before the queue's retention ends, and a robot's settings may change. */
export const maxPauseMs = 3_600_000
/**
 * How long a robot may fail, or count too many messages, before that is reported. Shorter times are common, and nothing is
 * lost: DingTalk accepts nothing for ten minutes after too many messages. ms.
 */
const maxFailingMs = 15 * 60_000

/**
 * Decides when the next message may be sent to a robot. All its messages wait for that time: a robot that fails for one message
 * fails for the others as well, and they keep their order.
 *
 * @param trouble before the attempt.
 * @param now ms since 1970.
 */
export function pauseAfter(result: SendResult, trouble: RobotTrouble | undefined, now: number): RobotPause {
  if (result.outcome === 'sent') return { pauseMs: 0, trouble: undefined }
  if (result.outcome === 'throttled') {
    const throttled: RobotTrouble = { outcome: 'throttled', since: now, attempts: 1, reason: 'too many messages' }
    // Only a message that arrives proves that what was wrong before is over.
    return { pauseMs: Math.min(result.retryAfterMs, maxPauseMs), trouble: trouble ?? throttled }
  }
  const { outcome, reason } = result
  const attempts = trouble !== undefined && trouble.outcome === outcome ? trouble.attempts + 1 : 1
  return {
    pauseMs: outcome === 'refused' ? refusedPauseMs : retryDelaySeconds(attempts) * 1000,
    trouble: { outcome, since: trouble?.since ?? now, attempts, reason: reason.english },
  }
}

/** Whether the robot is reported as unavailable: it refuses messages, or has taken none for a quarter of an hour. */
export function isUnavailable(trouble: RobotTrouble | undefined, now: number): boolean {
  if (trouble === undefined) return false
  return trouble.outcome === 'refused' || now - trouble.since >= maxFailingMs
}
