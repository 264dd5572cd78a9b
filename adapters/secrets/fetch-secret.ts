import { ExplainedError } from '../../core/ports/explained-error.ts'
import type { AwsJsonClient } from '../aws-json/client.ts'

/**
 * Makes one request for the text of a secret. What was saved as bytes is decoded as UTF-8.
 *
 * @throws AwsError, the socket's error, or an Error if there is no response in time.
 */
export async function fetchSecretText(client: AwsJsonClient, secretArn: string, timeoutMs: number): Promise<string> {
  if (timeoutMs <= 0)
    throw new ExplainedError({ english: 'no time was left to read the secret', chinese: '没有时间读取 secret' })
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(), timeoutMs)
  try {
    const output = await client('secretsmanager.GetSecretValue', { SecretId: secretArn }, controller.signal)
    const { SecretString: text, SecretBinary: bytes } = (output ?? {}) as {
      SecretString?: unknown
      SecretBinary?: unknown
    }
    if (typeof text === 'string') return text
    if (typeof bytes === 'string') return Buffer.from(bytes, 'base64').toString('utf8')
    throw new ExplainedError({
      english: 'the response of Secrets Manager has no secret',
      chinese: 'Secrets Manager 的响应中没有 secret',
    })
  } catch (error) {
    if (controller.signal.aborted)
      throw new ExplainedError({
        english: `Secrets Manager did not respond within ${timeoutMs} ms`,
        chinese: `Secrets Manager 在 ${timeoutMs} 毫秒内没有响应`,
      })
    throw error
  } finally {
    clearTimeout(timer)
  }
}
