import type { RobotMessage } from '../../ports/chat-queue.ts'
import type { ChatRobot } from '../../ports/chat-robots.ts'

/** `replacement`: the URL of the robot was replaced by another one. */
export type Recipient<Robot> =
  | { readonly outcome: 'same' | 'replacement'; readonly robot: Robot }
  | { readonly outcome: 'removed' }

/**
 * Finds the robot that gets a message. If its URL is no longer in the secret, a URL of the same service that was added since the
 * message was queued replaces it. The first one that was removed is replaced by the first one that was added, and so on.
 *
 * @param robots those of the secret, in its order.
 */
export function findRecipient<Robot extends Pick<ChatRobot, 'id' | 'service'>>(
  { robot: id, service, peers }: Pick<RobotMessage, 'robot' | 'service' | 'peers'>,
  robots: readonly Robot[],
): Recipient<Robot> {
  const same = robots.find((robot) => robot.id === id)
  if (same !== undefined) return { outcome: 'same', robot: same }
  const removed = peers.filter((peer) => !robots.some((robot) => robot.id === peer))
  const added = robots.filter((robot) => robot.service === service && !peers.includes(robot.id))
  const replacement = added[removed.indexOf(id)]
  return replacement === undefined ? { outcome: 'removed' } : { outcome: 'replacement', robot: replacement }
}
