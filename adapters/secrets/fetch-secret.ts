import type { AwsJsonClient } from '../aws-json/client.ts'

/**
 * Makes one request for the text of a secret. What was saved as bytes is decoded as UTF-8.
 *
 * @throws AwsError, the socket's error, or an Error if there is no response in time.
 */
export async function fetchSecretText(client: AwsJsonClient, secretArn: string, timeoutMs: number): Promise<string> {
  if (timeoutMs <= 0) throw new Error('no time was left to read the secret')
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
    throw new Error('the response of Secrets Manager has no secret')
  } catch (error) {
    if (controller.signal.aborted) throw new Error(`Secrets Manager did not respond within ${timeoutMs} ms`)
    throw error
  } finally {
    clearTimeout(timer)
  }
}
