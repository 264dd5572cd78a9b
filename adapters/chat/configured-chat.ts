import type { ChatConfiguration } from '../../core/ports/chat-robots.ts'
import type { SecretReader } from '../../core/ports/secret-reader.ts'
import type { ChatSecret } from '../secrets/chat-secret.ts'
import { createChatRobot, type RobotOptions } from './robot.ts'

/**
 * Reads which robots are configured. If Secrets Manager does not respond, or the secret has become unusable, the robots of
 * the last usable one still hold.
 *
 * @param secretBudgetMs ms for reading the secret.
 * @returns a function that resolves to undefined if no robot is configured, and rejects with an error without any part of
 * the secret if no usable secret is known.
 */
export function configuredChat(
  secret: Pick<SecretReader<ChatSecret>, 'read'>,
  secretBudgetMs: number,
  options: RobotOptions,
): () => Promise<ChatConfiguration | undefined> {
  return async () => {
    const reading = await secret.read(Date.now() + secretBudgetMs)
    if (reading.outcome === 'unusable' || reading.outcome === 'unreadable') throw reading.error
    if (reading.outcome === 'not_configured') return undefined
    const { webhooks, language, problems } = reading.value
    return { robots: webhooks.map((webhook) => createChatRobot(webhook, options)), language, problems }
  }
}
