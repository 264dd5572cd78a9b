import { createHmac } from 'node:crypto'

/** @returns the `sign` parameter of a DingTalk robot, base64. @param timestampMs ms since 1970; valid for an hour. */
export function signForDingtalk(secret: string, timestampMs: number): string {
  return createHmac('sha256', secret).update(`${timestampMs}\n${secret}`).digest('base64')
}

/**
 * Feishu signs empty data: the key is made of the time and the secret.
 *
 * @param timestampSeconds s since 1970; valid for an hour.
 * @returns the `sign` field of a Feishu robot, base64.
 */
export function signForFeishu(secret: string, timestampSeconds: number): string {
  return createHmac('sha256', `${timestampSeconds}\n${secret}`).digest('base64')
}
