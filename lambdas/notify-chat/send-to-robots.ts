import type { ChatConfiguration } from '../../core/ports/chat-robots.ts'
import type { Deadline } from '../deadline.ts'
import type { ReceivedRobotMessage } from './decode-messages.ts'
import type { NotifyChatDependencies } from './dependencies.ts'
import { sendToRobot, type Waiting } from './send-to-robot.ts'

/**
 * Sends the messages of each robot, all robots at the same time. Never throws.
 *
 * @returns the messages that were not sent.
 */
export async function sendToRobots(
  dependencies: NotifyChatDependencies,
  { robots, language, problems }: ChatConfiguration,
  messages: readonly ReceivedRobotMessage[],
  deadline: Deadline,
): Promise<Waiting[]> {
  const byRobot = Map.groupBy(messages, ({ robot }) => robot)
  const waiting = await Promise.all(
    Array.from(byRobot, async ([id, ofRobot]): Promise<Waiting[]> => {
      const robot = robots.find((candidate) => candidate.id === id)
      if (robot !== undefined) return sendToRobot(dependencies, robot, language, ofRobot, deadline)
      // The robot's entry may be one of those that cannot be used.
      if (problems.length > 0) return ofRobot.map(({ record }) => ({ record, retryAt: undefined }))
      dependencies.logger.warn('messages dropped: the secret has no such robot', {
        robot: id,
        messages: ofRobot.length,
      })
      return []
    }),
  )
  return waiting.flat()
}
