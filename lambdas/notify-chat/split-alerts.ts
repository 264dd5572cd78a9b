import type { ChatConfiguration, ChatRobot } from '../../core/ports/chat-robots.ts'
import { parseJson } from '../../core/protocol/parse-json.ts'
import { isUnavailable } from '../../core/retries/robot-pause.ts'
import { asError } from '../as-error.ts'
import { type Deadline, orAbort, withBudget } from '../deadline.ts'
import { workBudgetMs } from './budgets.ts'
import type { ReceivedAlert } from './decode-messages.ts'
import type { NotifyChatDependencies } from './dependencies.ts'
import type { Waiting } from './send-to-robot.ts'

/**
 * Puts a message for each robot on the queue for each alert. A robot that takes no messages then delays only its own, and no
 * retry sends an alert twice to the others. Never throws.
 *
 * @returns the alerts that were not split.
 */
export async function splitAlerts(
  dependencies: NotifyChatDependencies,
  { robots }: ChatConfiguration,
  alerts: readonly ReceivedAlert[],
  deadline: Deadline,
): Promise<Waiting[]> {
  if (alerts.length === 0) return []
  const { queue, logger, refusalAlarm } = dependencies
  try {
    await withBudget(workBudgetMs(deadline), 'the alerts were not queued in time', async (signal) => {
      const reportsRefusal = (alert: string) => isAboutAlarm(alert, refusalAlarm)
      const available = alerts.some(({ alert }) => reportsRefusal(alert))
        ? await orAbort(findAvailable(dependencies, robots, signal), signal)
        : robots
      const messages = alerts.flatMap(({ alert, received_at }) =>
        (reportsRefusal(alert) ? available : robots).map(({ id, service }) => ({
          robot: id,
          service,
          peers: robots.filter((peer) => peer.service === service).map((peer) => peer.id),
          alert,
          received_at,
        })),
      )
      await orAbort(queue.sendAll(messages, signal), signal)
    })
    return []
  } catch (error) {
    logger.error('alerts not queued for the robots; they will be received again', { error: asError(error) })
    return alerts.map(({ record }) => ({ record, retryAt: undefined }))
  }
}

/** @returns the robots that take messages: the others would get the report of their own refusal once it is over. */
async function findAvailable(
  { states, now }: NotifyChatDependencies,
  robots: readonly ChatRobot[],
  signal: AbortSignal,
): Promise<ChatRobot[]> {
  const ids = robots.map(({ id }) => id)
  const troubles = await states.readTroubles(ids, signal)
  return robots.filter(({ id }) => !isUnavailable(troubles.get(id), now()))
}

/** Whether an alert is the message of CloudWatch about this alarm, or the all-clear of it. */
function isAboutAlarm(alert: string, alarm: string): boolean {
  const parsed = parseJson(alert)
  if (typeof parsed !== 'object' || parsed === null) return false
  return ('AlarmName' in parsed && parsed.AlarmName === alarm) || ('alarm' in parsed && parsed.alarm === alarm)
}
