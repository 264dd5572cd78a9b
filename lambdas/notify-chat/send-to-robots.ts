import { findRecipient } from '../../core/notifications/chat/find-recipient.ts'
import type { ChatConfiguration, ChatRobot } from '../../core/ports/chat-robots.ts'
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
  const byRobot = new Map<ChatRobot, ReceivedRobotMessage[]>()
  const waiting: Waiting[] = []
  const dropped: ReceivedRobotMessage[] = []
  for (const message of messages) {
    const recipient = findRecipient(message, robots)
    // The robot's entry may be one of those that cannot be used.
    if (recipient.outcome !== 'same' && problems.length > 0)
      waiting.push({ record: message.record, retryAt: undefined })
    else if (recipient.outcome === 'removed') dropped.push(message)
    else byRobot.set(recipient.robot, [...(byRobot.get(recipient.robot) ?? []), message])
  }
  for (const [robot, { length }] of Map.groupBy(dropped, (message) => message.robot))
    dependencies.logger.warn('messages dropped: the secret has no such robot', { robot, messages: length })
  const notSent = await Promise.all(
    Array.from(byRobot, ([robot, ofRobot]) => sendToRobot(dependencies, robot, language, ofRobot, deadline)),
  )
  return [...waiting, ...notSent.flat()]
}
