import type { Bilingual } from '../../core/notifications/alert-text.ts'
import type { ChatConfiguration, ChatRobot, ChatService } from '../../core/ports/chat-robots.ts'
import { asError } from '../as-error.ts'
import type { Deadline } from '../deadline.ts'
import { explain } from '../explain.ts'
import { type Attempt, attempt, describeForLog, waitForTurn } from './attempt.ts'
import type { NotifyChatDependencies } from './dependencies.ts'

/** What became of a test message. Contains no part of the secret. */
export type TestReport = {
  /** `unavailable`: it could not be read, or nothing in it can be used. */
  readonly secret: 'configured' | 'not_configured' | 'unavailable'
  /** Why the secret, or an entry of it, cannot be used; `problems_zh` in Chinese. */
  readonly problems: readonly string[]
  readonly problems_zh: readonly string[]
  readonly robots: readonly {
    /** The robot's id. */
    readonly robot: string
    readonly service: ChatService
    readonly outcome: Attempt['outcome'] | 'busy' | 'not_stored'
    readonly reason?: string
    readonly reason_zh?: string
  }[]
}

/** Sends a test message to each robot of the secret as it is now (docs/chat.md). */
export async function sendTestMessages(dependencies: NotifyChatDependencies, deadline: Deadline): Promise<TestReport> {
  let chat: ChatConfiguration | undefined
  try {
    chat = await dependencies.refreshChat()
  } catch (error) {
    return { secret: 'unavailable', ...reportProblems([explain(error)]), robots: [] }
  }
  if (chat === undefined) return { secret: 'not_configured', ...reportProblems([]), robots: [] }
  const { robots, problems, language } = chat
  return {
    secret: 'configured',
    ...reportProblems(problems),
    robots: await Promise.all(robots.map((robot) => sendTestMessage(dependencies, robot, language, deadline))),
  }
}

function reportProblems(problems: readonly Bilingual[]): Pick<TestReport, 'problems' | 'problems_zh'> {
  return {
    problems: problems.map(({ english }) => english),
    problems_zh: problems.map(({ chinese }) => chinese),
  }
}

async function sendTestMessage(
  dependencies: NotifyChatDependencies,
  robot: ChatRobot,
  language: ChatConfiguration['language'],
  deadline: Deadline,
): Promise<TestReport['robots'][number]> {
  const { states, now, logger, testText } = dependencies
  const named = { robot: robot.id, service: robot.service }
  try {
    // A robot whose settings were corrected a moment ago is tried at once, not after its pause.
    const trouble = (await states.readTroubles([robot.id])).get(robot.id)
    if (trouble !== undefined) await states.endTurn(robot.id, now(), trouble)
    const turn = await waitForTurn(dependencies, robot, deadline)
    if (turn.outcome === 'busy') return { ...named, outcome: 'busy' }
    const { outcome, ...rest } = await attempt(dependencies, robot, turn, testText(language))
    const reason = 'reason' in rest ? rest.reason : undefined
    return { ...named, outcome, ...(reason && { reason: reason.english, reason_zh: reason.chinese }) }
  } catch (error) {
    logger.error('test message not sent', { ...describeForLog(robot), error: asError(error) })
    return { ...named, outcome: 'not_stored' }
  }
}
