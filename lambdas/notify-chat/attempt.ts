import { MetricUnit } from '@aws-lambda-powertools/metrics'
import type { Bilingual } from '../../core/notifications/alert-text.ts'
import type { ChatRobot, SendResult } from '../../core/ports/chat-robots.ts'
import type { RobotTurn } from '../../core/ports/robot-states.ts'
import { isUnavailable, pauseAfter, type RobotPause, type RobotTrouble } from '../../core/retries/robot-pause.ts'
import * as metricNames from '../../names/metrics.ts'
import { asError } from '../as-error.ts'
import { type Deadline, DeadlineExceededError, orAbort, withBudget } from '../deadline.ts'
import { hasTimeToSend, maxSendMs, maxStateMs } from './budgets.ts'
import type { NotifyChatDependencies } from './dependencies.ts'

/** `retryAt`: ms since 1970, when the robot may take the message. */
export type Attempt =
  | { readonly outcome: 'sent' }
  | { readonly outcome: Exclude<SendResult['outcome'], 'sent'>; readonly retryAt: number; readonly reason?: Bilingual }

type TakenTurn = Extract<RobotTurn, { outcome: 'taken' }>

/** ms after which a turn ends by itself. */
const turnMs = maxSendMs + 2 * maxStateMs

/**
 * Takes the robot's turn as soon as possible, if there is time to wait for that.
 *
 * @throws if the turn could not be stored.
 */
export async function waitForTurn(
  { states, now, sleep }: NotifyChatDependencies,
  robot: ChatRobot,
  deadline: Deadline,
): Promise<RobotTurn> {
  for (;;) {
    const at = now()
    if (!hasTimeToSend(deadline, 0)) return { outcome: 'busy', until: at + robot.minIntervalMs }
    const turn = await withBudget(maxStateMs, 'the state of the robot was not stored in time', (signal) =>
      orAbort(states.takeTurn(robot.id, at, at + turnMs, signal), signal),
    )
    if (turn.outcome === 'taken') return turn
    const waitMs = Math.max(turn.until - now(), 0)
    if (!hasTimeToSend(deadline, waitMs)) return turn
    await sleep(waitMs)
  }
}

/**
 * Sends one message to a robot and ends its turn. Never throws.
 *
 * @param isProven whether the robot has just taken another message. A refusal then concerns the text, and the robot gets no pause.
 */
export async function attempt(
  dependencies: NotifyChatDependencies,
  robot: ChatRobot,
  turn: TakenTurn,
  text: string,
  isProven = false,
): Promise<Attempt> {
  const startedAt = dependencies.now()
  const result = await send(robot, text)
  const now = dependencies.now()
  const { pauseMs, trouble } = assess(result, turn.trouble, now, isProven)
  const retryAt = Math.max(startedAt + robot.minIntervalMs, now + pauseMs)
  await endTurn(dependencies, robot, retryAt, trouble)
  report(dependencies, robot, result, turn.trouble, trouble)
  if (result.outcome === 'sent') return result
  return { outcome: result.outcome, retryAt, ...('reason' in result && { reason: result.reason }) }
}

function assess(result: SendResult, trouble: RobotTrouble | undefined, now: number, isProven: boolean): RobotPause {
  return isProven && result.outcome === 'refused'
    ? { pauseMs: 0, trouble: undefined }
    : pauseAfter(result, trouble, now)
}

const noResponse: Bilingual = {
  english: `no response within ${maxSendMs} ms`,
  chinese: `${maxSendMs} 毫秒内没有响应`,
}
const unexpected: Bilingual = { english: 'an unexpected error', chinese: '内部错误' }

async function send(robot: ChatRobot, text: string): Promise<SendResult> {
  try {
    return await withBudget(maxSendMs, noResponse.english, (signal) => orAbort(robot.send(text, signal), signal))
  } catch (error) {
    // The message of any other error could contain a part of the robot's URL.
    return { outcome: 'failed', reason: error instanceof DeadlineExceededError ? noResponse : unexpected }
  }
}

/** A failure is only logged: the turn ends by itself. */
async function endTurn(
  { states, logger }: NotifyChatDependencies,
  robot: ChatRobot,
  nextAt: number,
  trouble: RobotTrouble | undefined,
): Promise<void> {
  try {
    await withBudget(maxStateMs, 'the state of the robot was not stored in time', (signal) =>
      orAbort(states.endTurn(robot.id, nextAt, trouble, signal), signal),
    )
  } catch (error) {
    logger.warn('state of a robot not stored', { ...describeForLog(robot), error: asError(error) })
  }
}

function report(
  { logger, metrics, now }: NotifyChatDependencies,
  robot: ChatRobot,
  result: SendResult,
  before: RobotTrouble | undefined,
  after: RobotTrouble | undefined,
): void {
  if (result.outcome === 'sent') {
    if (before !== undefined) logger.info('robot takes messages again', describeForLog(robot))
    return
  }
  const reason = 'reason' in result ? { reason: result.reason.english } : {}
  logger.warn('robot did not take a message; it will be sent again', { ...describeForLog(robot), ...result, ...reason })
  if (result.outcome !== 'refused' && !isUnavailable(after, now())) return
  metrics.addMetric(metricNames.robotsUnavailable, MetricUnit.Count, 1)
  if (after === undefined) return
  const since = new Date(after.since).toISOString()
  logger.error('robot is unavailable', { ...describeForLog(robot), reason: after.reason, since })
}

/** What logs say about a robot. Its URL is a secret. */
export function describeForLog({ id, service }: ChatRobot): { readonly robot: string; readonly chat_service: string } {
  return { robot: id, chat_service: service }
}
