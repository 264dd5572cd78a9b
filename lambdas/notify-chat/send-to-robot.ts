import type { SQSRecord } from 'aws-lambda'
import type { ChatLanguage, ChatRobot } from '../../core/ports/chat-robots.ts'
import type { RobotTrouble } from '../../core/retries/robot-pause.ts'
import { asError } from '../as-error.ts'
import type { Deadline } from '../deadline.ts'
import { attempt, describeForLog, waitForTurn } from './attempt.ts'
import type { ReceivedRobotMessage } from './decode-messages.ts'
import type { NotifyChatDependencies } from './dependencies.ts'

/** A message that must be received again: at `retryAt` in ms since 1970, or after a delay that grows with each receive. */
export type Waiting = { readonly record: SQSRecord; readonly retryAt: number | undefined }

/** A text for the robot, and the messages that it covers. */
type Planned = { readonly text: string; readonly messages: readonly ReceivedRobotMessage[] }

type Compose = (messages: readonly ReceivedRobotMessage[]) => Planned[]

/**
 * Sends the messages of one robot in the order of their alerts, until all are sent or the robot takes no more for now. Never throws.
 *
 * A service may refuse a text for its content. If the robot has just taken another one, such a text is split into its alerts, and
 * what is refused then waits alone.
 *
 * @returns the messages that were not sent.
 */
export async function sendToRobot(
  dependencies: NotifyChatDependencies,
  robot: ChatRobot,
  language: ChatLanguage,
  messages: readonly ReceivedRobotMessage[],
  deadline: Deadline,
): Promise<Waiting[]> {
  const { logger } = dependencies
  const compose = composerOf(dependencies, language, robot.maxBytes)
  const ordered = messages.toSorted((a, b) => a.received_at - b.received_at)
  const sent = new Set<ReceivedRobotMessage>()
  const refused = new Set<ReceivedRobotMessage>()
  const listWaiting = (retryAt: number | undefined): Waiting[] =>
    ordered
      .filter((message) => !sent.has(message))
      .map((message) => ({ record: message.record, retryAt: refused.has(message) ? undefined : retryAt }))
  try {
    let plan: Planned[] | undefined
    while (plan === undefined || plan.length > 0) {
      const turn = await waitForTurn(dependencies, robot, deadline)
      if (turn.outcome === 'busy') return listWaiting(turn.until)
      plan ??= planTexts(ordered, turn.trouble, compose)
      const next = plan.shift()
      if (next === undefined) break
      const attempted = await attempt(dependencies, robot, turn, next.text, sent.size > 0)
      if (attempted.outcome === 'sent') for (const message of next.messages) sent.add(message)
      else if (attempted.outcome !== 'refused' || sent.size === 0) return listWaiting(attempted.retryAt)
      else if (next.messages.length > 1) plan.unshift(...next.messages.flatMap((message) => compose([message])))
      else for (const message of next.messages) refused.add(message)
    }
    logger.info('alerts sent to a robot', { ...describeForLog(robot), alerts: sent.size })
  } catch (error) {
    logger.error('alerts not sent to a robot; they will be sent again', {
      ...describeForLog(robot),
      error: asError(error),
    })
  }
  return listWaiting(undefined)
}

function composerOf({ compose }: NotifyChatDependencies, language: ChatLanguage, maxBytes: number): Compose {
  return (messages) => {
    let start = 0
    return compose(messages, language, maxBytes).map(({ text, alertCount }) => {
      const covered = messages.slice(start, start + alertCount)
      start += alertCount
      return { text, messages: covered }
    })
  }
}

/** If the robot refused before, one alert goes first, the next one at each attempt: the refusal may concern a text. */
function planTexts(
  ordered: readonly ReceivedRobotMessage[],
  trouble: RobotTrouble | undefined,
  compose: Compose,
): Planned[] {
  const probe = trouble?.outcome === 'refused' ? ordered[(trouble.attempts - 1) % ordered.length] : undefined
  if (probe === undefined || ordered.length === 1) return compose(ordered)
  return [...compose([probe]), ...compose(ordered.filter((message) => message !== probe))]
}
